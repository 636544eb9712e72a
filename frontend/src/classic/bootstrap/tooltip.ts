/** `$.fn.tooltip`: a short text beside an element while it is pointed at or focused, under the Bootstrap 3 names. */
import $ from "jquery"

export interface TooltipOptions {
  title?: string | (() => string)
  placement?: "top" | "bottom" | "left" | "right" | "auto"
  container?: string
  html?: boolean // accepted, never obeyed: a tooltip is text
  delay?: number | { show: number; hide: number }
}

type TooltipCommand = "show" | "hide" | "destroy" | "toggle"

declare global {
  interface JQuery {
    tooltip(option?: TooltipOptions | TooltipCommand): this
  }
}

let lastId = 0

class BootstrapTooltip {
  private $tip: JQuery<HTMLElement> | null = null

  constructor(
    private readonly element: HTMLElement,
    private readonly options: TooltipOptions,
  ) {
    const text = element.getAttribute("title")
    if (text) {
      element.setAttribute("data-original-title", text)
      element.removeAttribute("title")
      if (!element.hasAttribute("aria-label") && !element.textContent?.trim()) element.setAttribute("aria-label", text)
    }
    $(element).on("mouseenter.bs.tooltip focusin.bs.tooltip", () => this.show())
    $(element).on("mouseleave.bs.tooltip focusout.bs.tooltip click.bs.tooltip", () => this.hide())
  }

  private text(): string {
    const title = this.options.title
    return (typeof title === "function" ? title.call(this.element) : title) ?? this.element.dataset["originalTitle"] ?? ""
  }

  show(): void {
    const text = this.text()
    if (this.$tip || !text) return
    const id = `tooltip-of-${++lastId}`
    this.$tip = $("<div class='tooltip in' role='tooltip'><div class='tooltip-inner'></div></div>").attr("id", id) as JQuery<HTMLElement>
    this.$tip.find(".tooltip-inner").text(text)
    this.$tip.appendTo(document.body)
    this.element.setAttribute("aria-describedby", id)
    this.place(this.$tip)
  }

  private place($tip: JQuery<HTMLElement>): void {
    const box = this.element.getBoundingClientRect()
    const width = $tip.outerWidth() ?? 0
    const height = $tip.outerHeight() ?? 0
    const isAbove = (this.options.placement ?? "top") === "top" && box.top > height
    const left = Math.max(4, Math.min(box.left + box.width / 2 - width / 2, window.innerWidth - width - 4))
    $tip.css({ left: left + window.scrollX, top: (isAbove ? box.top - height : box.bottom) + window.scrollY })
  }

  hide(): void {
    this.$tip?.remove()
    this.$tip = null
    this.element.removeAttribute("aria-describedby")
  }

  destroy(): void {
    this.hide()
    $(this.element).off(".bs.tooltip").removeData("bs.tooltip")
    const text = this.element.dataset["originalTitle"]
    if (text) this.element.setAttribute("title", text)
  }

  toggle(): void {
    if (this.$tip) this.hide()
    else this.show()
  }
}

export function tooltipPlugin(this: JQuery, option?: TooltipOptions | TooltipCommand): JQuery {
  return this.each((_index, element) => {
    let tooltip = $(element).data("bs.tooltip") as BootstrapTooltip | undefined
    if (!tooltip) {
      if (option === "hide" || option === "destroy") return
      $(element).data("bs.tooltip", (tooltip = new BootstrapTooltip(element, typeof option === "object" ? option : {})))
    }
    if (typeof option === "string") tooltip[option]()
  })
}
