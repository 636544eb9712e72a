/** `$.fn.modal`: dialogs under the Bootstrap 3 names. Keeps the focus inside, gives it back, closes on Escape. */
import $ from "jquery"

export interface ModalOptions {
  backdrop?: boolean | "static"
  keyboard?: boolean
  show?: boolean
}

type ModalCommand = "show" | "hide" | "toggle" | "handleUpdate"

declare global {
  interface JQuery {
    modal(option?: ModalOptions | ModalCommand): this
  }
}

const FOCUSABLE =
  "a[href], button:not([disabled]), input:not([disabled]):not([type=hidden]), select:not([disabled]), " +
  "textarea:not([disabled]), [tabindex]:not([tabindex='-1'])"

const open: Modal[] = []

/** One dialog on the page. Dialogs may lie over each other; the last one opened has the keyboard. */
export class Modal {
  private readonly $element: JQuery<HTMLElement>
  private $backdrop: JQuery<HTMLElement> | null = null
  private returnFocusTo: Element | null = null
  isShown = false

  constructor(
    readonly element: HTMLElement,
    readonly options: ModalOptions,
  ) {
    this.$element = $(element)
    this.$element.on("click.dismiss.bs.modal", "[data-dismiss='modal']", (event) => {
      event.preventDefault()
      this.hide()
    })
    this.$element.on("mousedown.backdrop.bs.modal", (event) => {
      if (event.target === element && this.options.backdrop === true) this.hide()
    })
    this.$element.on("keydown.dismiss.bs.modal", (event) => this.keydown(event))
  }

  show(): void {
    if (this.isShown) return
    const asked = $.Event("show.bs.modal")
    this.$element.trigger(asked)
    if (asked.isDefaultPrevented()) return
    this.isShown = true
    this.returnFocusTo = document.activeElement
    if (!this.element.isConnected) this.$element.appendTo(document.body)
    if (this.options.backdrop !== false) this.$backdrop = $("<div class='modal-backdrop fade in'></div>").appendTo(document.body)
    this.place()
    this.element.focus()
    queueMicrotask(() => this.isShown && this.$element.trigger("shown.bs.modal")) // after the caller has its variable
  }

  private place(): void {
    open.push(this)
    $(document.body).addClass("modal-open")
    const level = 1050 + 20 * open.length
    this.$backdrop?.css("z-index", level - 10)
    this.$element.css({ display: "block", "z-index": level }).addClass("in")
    if (!this.element.hasAttribute("tabindex")) this.element.tabIndex = -1
    this.element.removeAttribute("aria-hidden")
    this.element.setAttribute("aria-modal", "true")
    document.addEventListener("focusin", this.keepFocus)
  }

  hide(): void {
    if (!this.isShown) return
    const asked = $.Event("hide.bs.modal")
    this.$element.trigger(asked)
    if (asked.isDefaultPrevented()) return
    this.isShown = false
    this.leave()
    this.giveFocusBack()
    this.$element.trigger("hidden.bs.modal")
  }

  /** A dialog that was opened meanwhile keeps it. */
  private giveFocusBack(): void {
    if (open[open.length - 1]?.element.contains(document.activeElement)) return
    if (this.returnFocusTo instanceof HTMLElement && this.returnFocusTo.isConnected) this.returnFocusTo.focus()
  }

  private leave(): void {
    open.splice(open.indexOf(this), 1)
    document.removeEventListener("focusin", this.keepFocus)
    this.$element.removeClass("in").css("display", "none")
    this.element.setAttribute("aria-hidden", "true")
    this.element.removeAttribute("aria-modal")
    this.$backdrop?.remove()
    this.$backdrop = null
    if (open.length === 0) $(document.body).removeClass("modal-open")
  }

  private readonly keepFocus = (event: FocusEvent): void => {
    const isTop = open[open.length - 1] === this
    if (isTop && event.target instanceof Node && !this.element.contains(event.target)) this.element.focus()
  }

  private keydown(event: JQuery.KeyDownEvent): void {
    if (event.key === "Escape" && this.options.keyboard !== false && !event.isDefaultPrevented()) {
      event.preventDefault()
      event.stopPropagation() // the notebook's Escape must not see it
      this.hide()
    } else if (event.key === "Tab") this.wrapFocus(event)
  }

  private wrapFocus(event: JQuery.KeyDownEvent): void {
    const stops = this.$element.find<HTMLElement>(FOCUSABLE).filter((_i, node) => isVisible(node, this.element)).get()
    const first = stops[0]
    const last = stops[stops.length - 1]
    const current = document.activeElement
    if (!first || !last) event.preventDefault()
    else if (event.shiftKey && (current === first || current === this.element)) moveFocus(event, last)
    else if (!event.shiftKey && current === last) moveFocus(event, first)
  }
}

function moveFocus(event: JQuery.KeyDownEvent, target: HTMLElement): void {
  event.preventDefault()
  target.focus()
}

function isVisible(node: HTMLElement, within: HTMLElement): boolean {
  for (let at: HTMLElement | null = node; at && at !== within; at = at.parentElement) {
    if (getComputedStyle(at).display === "none") return false
  }
  return true
}

function command(modal: Modal, name: ModalCommand): void {
  if (name === "show") modal.show()
  else if (name === "hide") modal.hide()
  else if (name === "toggle") modal[modal.isShown ? "hide" : "show"]()
}

export function modalPlugin(this: JQuery, option?: ModalOptions | ModalCommand): JQuery {
  return this.each((_index, element) => {
    const options = typeof option === "object" ? option : {}
    let modal = $(element).data("bs.modal") as Modal | undefined
    if (!modal) $(element).data("bs.modal", (modal = new Modal(element, { backdrop: true, keyboard: true, ...options })))
    if (typeof option === "string") command(modal, option)
    else if (options.show !== false) modal.show()
  })
}
