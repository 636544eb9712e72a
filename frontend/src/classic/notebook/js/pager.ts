/** `notebook/js/pager`: the pane at the foot of the page that shows help texts. */
import $ from "jquery"
import { consoleHtml } from "../../../model/ansi"
import type { EventBus } from "./cell_types"
import { _, counted } from "../../../i18n/words"

export interface PagerOptions {
  events: EventBus
}

/** How long opening and closing lasts. */
interface Motion {
  duration?: number
}

const MIN_HEIGHT_PX = 60
const KEY_STEP_PX = 20

export class Pager {
  events: EventBus
  pager_element: JQuery
  pager_button_area: JQuery
  pager_contents: JQuery
  pager_container: JQuery

  constructor(pager_selector: string | JQuery, options: PagerOptions) {
    this.events = options.events
    this.pager_element = $(pager_selector as string)
    this.pager_button_area = this._part("#pager-button-area", $("<div/>").attr("id", "pager-button-area"))
    this.pager_contents = this._part("#pager-contents", $("<div/>").attr("id", "pager-contents"))
    this.pager_container = this._part("#pager-container", $("<div/>").attr("id", "pager-container").addClass("container"))
    if (!this.pager_contents.has("#pager-container").length) this.pager_contents.append(this.pager_container)
    this.pager_contents.attr("tabindex", "0")
    this.pager_element.append(this.pager_button_area, this.pager_contents)
    this.pager_element.attr({ role: "region", "aria-label": _("Help pager") }).hide()
    this._create_handle()
    this.create_button_area()
    this.bind_events()
  }

  /* The page's template may hold the part already. */
  _part(selector: string, otherwise: JQuery): JQuery {
    const found = this.pager_element.find(selector)
    return found.length > 0 ? found : otherwise
  }

  /* Pulled up or down, by mouse, finger or arrow keys, it sets the height. */
  _create_handle(): void {
    const handle = $("<div/>")
      .addClass("ui-resizable-handle ui-resizable-n")
      .attr({ role: "separator", "aria-orientation": "horizontal", "aria-label": _("Height of the pager"), "aria-valuenow": "0", tabindex: "0" })
    handle.on("pointerdown", (event) => {
      const start = event.originalEvent as PointerEvent
      const height = this.pager_element.height() ?? 0
      handle[0]?.setPointerCapture(start.pointerId)
      handle.on("pointermove.pager", (moved) => this._set_height(height + start.clientY - (moved.originalEvent as PointerEvent).clientY))
      handle.one("pointerup pointercancel", () => handle.off("pointermove.pager"))
    })
    handle.on("keydown", (event) => {
      const step = { ArrowUp: KEY_STEP_PX, ArrowDown: -KEY_STEP_PX }[event.key]
      if (step === undefined) return
      event.preventDefault()
      event.stopPropagation()
      this._set_height((this.pager_element.height() ?? 0) + step)
    })
    this.pager_element.prepend(handle)
  }

  _set_height(height_px: number): void {
    this.pager_element.height(Math.max(MIN_HEIGHT_PX, Math.min(height_px, window.innerHeight * 0.9)))
    this._resize()
  }

  create_button_area(): void {
    const button = (title: string, icon: string, click: () => void): JQuery =>
      $("<a/>")
        .attr({ href: "#", role: "button", title, "aria-label": title })
        .append($("<span/>").addClass(icon))
        .on("click", (event) => {
          event.preventDefault()
          click()
        })
    this.pager_button_area.empty().append(
      button(_("Open the pager in an external window"), "ui-icon ui-icon-extlink fa fa-external-link", () => this.detach()),
      button(_("Close the pager"), "ui-icon ui-icon-close fa fa-times", () => this.collapse()),
    )
  }

  bind_events(): void {
    this.pager_element.on("collapse_pager", (_event, extra?: Motion) => {
      if (this.pager_element[0]?.contains(document.activeElement)) $(".cell.selected").first().trigger("focus")
      this.pager_element.hide(extra?.duration ?? 0)
    })
    this.pager_element.on("expand_pager", (_event, extra?: Motion) => {
      this.pager_element.css("height", "").show(extra?.duration ?? 0, () => this._resize())
    })
    this.events.on("open_with_text.Pager", (_event, payload: { data?: Record<string, unknown> }) => {
      const data = payload.data ?? {}
      const html = data["text/html"]
      const text = data["text/plain"]
      const has_html = typeof html === "string" && html !== ""
      if (!has_html && (typeof text !== "string" || text.trim() === "")) return
      this.clear()
      this.expand()
      if (has_html) this.append(html)
      else this.append_text(text as string)
      this._resize()
    })
  }

  collapse(extrap?: Motion): void {
    this.pager_element.trigger("collapse_pager", extrap as never)
  }

  expand(extrap?: Motion): void {
    this.pager_element.trigger("expand_pager", extrap as never)
  }

  toggle(): void {
    if (this.pager_element.is(":visible")) this.collapse()
    else this.expand()
  }

  clear(_text?: string): void {
    this.pager_container.empty()
    this.pager_contents.scrollTop(0)
  }

  /** Show the text in a window of its own, and close the pane. */
  detach(): void {
    const shown = window.open("", "_blank")
    if (!shown) {
      console.warn("The browser did not allow a new window for the pager.")
      return
    }
    const page = shown.document
    page.title = _("Jupyter Pager")
    for (const sheet of document.querySelectorAll<HTMLLinkElement>("link[rel='stylesheet']")) {
      const link = page.createElement("link")
      link.rel = "stylesheet"
      link.href = sheet.href
      page.head.append(link)
    }
    const body = page.createElement("div")
    body.id = "pager-container"
    body.className = "container fnb-pager-window"
    body.innerHTML = this.pager_container.html()
    page.body.append(body)
    this.collapse()
  }

  append_text(text: string): void {
    this.pager_container.append($("<pre/>").html(consoleHtml(text)))
  }

  append(htm: string | JQuery): void {
    this.pager_container.append(htm as string)
  }

  /* The notebook leaves room below its last cell for what the pane covers. */
  _resize(): void {
    const end_space = $("#notebook .end_space")
    const height_px = Math.round(this.pager_element.height() ?? 0)
    this.pager_element.children("[role=separator]").attr("aria-valuenow", height_px).attr("aria-valuetext", counted("%d pixel", "%d pixels", height_px))
    end_space.css("height", Math.max(this.pager_element.is(":visible") ? (this.pager_element.height() ?? 0) : 0, 100))
  }
}
