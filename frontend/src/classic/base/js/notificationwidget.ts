/** One short message of the page, beside the menus: for a while, or until it is clicked. */
import $ from "jquery"

export interface NotificationOptions {
  class?: string
  icon?: string
  title?: string
}

type ClickCallback = (event: JQuery.ClickEvent) => unknown

const INFO_MS = 3500

export class NotificationWidget {
  selector: string | JQuery
  element: JQuery
  inner: JQuery
  timeout: ReturnType<typeof setTimeout> | null
  busy: boolean

  constructor(selector: string | JQuery) {
    this.selector = selector
    this.timeout = null
    this.busy = false
    this.element = $(selector as string)
    this.inner = $("<span></span>")
    this.element.append(this.inner).hide()
    this.style()
  }

  style(): void {
    this.element.addClass("notification_widget btn btn-xs navbar-btn")
  }

  hide(): void {
    this._stop_timer()
    this.element.hide()
  }

  _stop_timer(): void {
    if (this.timeout !== null) clearTimeout(this.timeout)
    this.timeout = null
  }

  /** Show `msg` for `timeout` milliseconds, or until it is clicked when there is none. A callback that returns false keeps it. */
  set_message(msg: string, timeout?: number, click_callback?: ClickCallback, options?: NotificationOptions): void {
    this._stop_timer()
    this._show(msg, options ?? {})
    this.element.off("click").on("click", (event) => {
      if (click_callback?.(event as unknown as JQuery.ClickEvent) !== false) this.hide()
    })
    this._offer_by_key(click_callback !== undefined && click_callback !== null)
    if (timeout !== undefined) {
      this.timeout = setTimeout(() => {
        this.inner.text("")
        this.hide()
      }, timeout)
    }
  }

  /** What a click does a key does, too. */
  _offer_by_key(is_offered: boolean): void {
    this.element.off("keydown.press")
    if (!is_offered) return void this.element.removeAttr("role tabindex")
    this.element.attr({ role: "button", tabindex: 0 }).on("keydown.press", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return
      event.preventDefault()
      this.element.trigger("click")
    })
  }

  _show(msg: string, options: NotificationOptions): void {
    this.inner.text(msg).attr("class", "").addClass(options.icon ?? "")
    this.element.removeClass("info warning danger").addClass(options.class ?? "")
    if (options.title) this.element.attr("title", options.title)
    else this.element.removeAttr("title")
    this.element.css("display", "") // not show(): the style sheet decides between inline and block
    this.element.trigger("notification_shown", [msg])
  }

  info(msg: string, timeout: number = INFO_MS, click_callback?: ClickCallback, options?: NotificationOptions): void {
    this.set_message(msg, timeout, click_callback, { ...options, class: `${options?.class ?? ""} info`.trim() })
  }

  warning(msg: string, timeout?: number, click_callback?: ClickCallback, options?: NotificationOptions): void {
    this.set_message(msg, timeout, click_callback, { ...options, class: `${options?.class ?? ""} warning`.trim() })
  }

  danger(msg: string, timeout?: number, click_callback?: ClickCallback, options?: NotificationOptions): void {
    this.set_message(msg, timeout, click_callback, { ...options, class: `${options?.class ?? ""} danger`.trim() })
  }

  get_message(): string {
    return this.inner.html()
  }
}
