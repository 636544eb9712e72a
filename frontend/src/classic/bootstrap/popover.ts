/** `$.fn.popover`: a card with a title and a text beside an element, under the Bootstrap 3 names. */
import $ from "jquery"
import { make } from "../../view/elements"

type Placement = "top" | "bottom" | "left" | "right"
type Text = string | Element | JQuery | ((this: Element) => string | Element | JQuery)

export interface PopoverOptions {
  title?: Text
  content?: Text
  placement?: Placement | `auto ${Placement}` | "auto"
  /** Of `click`, `hover`, `focus`, with a blank between several; `manual` for none. */
  trigger?: string
  /** Whether strings are HTML of the caller's own, not text. */
  html?: boolean
  container?: string | false
}

type PopoverCommand = "show" | "hide" | "toggle" | "destroy"

declare global {
  interface JQuery {
    popover(option?: PopoverOptions | PopoverCommand): this
  }
}

const MARGIN_PX = 4
const STARTS: Readonly<Record<string, [string, string]>> = { hover: ["mouseenter", "mouseleave"], focus: ["focusin", "focusout"] }

class Popover {
  private tip: HTMLElement | null = null

  constructor(
    private readonly element: HTMLElement,
    private readonly options: PopoverOptions,
  ) {
    /* Whether it is HTML says the script alone: an output can carry attributes, too. */
    const { html: _html, ...of_element } = { ...element.dataset } as PopoverOptions
    this.options = { placement: "right", trigger: "click", ...of_element, ...options }
    for (const name of (this.options.trigger ?? "").split(" ")) {
      if (name === "click") $(element).on("click.bs.popover", () => this.toggle())
      const [enter, leave] = STARTS[name] ?? []
      if (enter) $(element).on(`${enter}.bs.popover`, () => this.show()).on(`${leave}.bs.popover`, () => this.hide())
    }
  }

  private fill(place: HTMLElement, text: Text | undefined): void {
    const value = typeof text === "function" ? text.call(this.element) : text
    if (typeof value !== "string") $(place).append(value ?? "")
    else if (this.options.html) $(place).html(value)
    else place.textContent = value
  }

  show(): void {
    if (this.tip) return
    const title = make("h3", "popover-title", { role: "presentation" }) // of no order with the page's headings
    const content = make("div", "popover-content")
    this.fill(title, this.options.title ?? this.element.getAttribute("title") ?? "")
    this.fill(content, this.options.content)
    title.hidden = !title.hasChildNodes()
    if (title.hidden && !content.hasChildNodes()) return
    this.tip = make("div", "popover fade in", { role: "tooltip" }, [make("div", "arrow"), title, content])
    if (this.options.container) $(this.tip).appendTo(this.options.container)
    else $(this.tip).insertAfter(this.element)
    this.place(this.tip)
    $(this.element).trigger("show.bs.popover").trigger("shown.bs.popover")
  }

  private place(tip: HTMLElement): void {
    const side = (this.options.placement ?? "right").replace(/^auto ?/, "") || "right"
    const box = this.element.getBoundingClientRect()
    const { offsetWidth: width, offsetHeight: height } = tip
    const middle = { left: box.left + (box.width - width) / 2, top: box.top + (box.height - height) / 2 }
    const lefts: Record<string, number> = { left: box.left - width, right: box.right }
    const tops: Record<string, number> = { top: box.top - height, bottom: box.bottom }
    const within = (at: number, room: number): number => Math.max(MARGIN_PX, Math.min(at, room - MARGIN_PX))
    tip.classList.add(side)
    tip.style.left = `${within(lefts[side] ?? middle.left, window.innerWidth - width)}px`
    tip.style.top = `${within(tops[side] ?? middle.top, window.innerHeight - height)}px`
  }

  hide(): void {
    if (!this.tip) return
    this.tip.remove()
    this.tip = null
    $(this.element).trigger("hide.bs.popover").trigger("hidden.bs.popover")
  }

  toggle(): void {
    if (this.tip) this.hide()
    else this.show()
  }

  destroy(): void {
    this.hide()
    $(this.element).off(".bs.popover").removeData("bs.popover")
  }
}

export function popoverPlugin(this: JQuery, option?: PopoverOptions | PopoverCommand): JQuery {
  return this.each((_index, element) => {
    let popover = $(element).data("bs.popover") as Popover | undefined
    if (!popover) {
      if (option === "hide" || option === "destroy") return
      $(element).data("bs.popover", (popover = new Popover(element, typeof option === "object" ? option : {})))
    }
    if (typeof option === "string") popover[option]()
  })
}
