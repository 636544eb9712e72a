/** `$.fn.collapse`: parts of the page that fold away, under the Bootstrap 3 names. */
import $ from "jquery"

type CollapseCommand = "show" | "hide" | "toggle"

declare global {
  interface JQuery {
    collapse(option?: CollapseCommand | { toggle?: boolean }): this
  }
}

function togglesOf(element: HTMLElement): JQuery {
  return $("[data-toggle='collapse']").filter((_index, toggle) => targetsOf(toggle).is(element))
}

function targetsOf(toggle: Element): JQuery<HTMLElement> {
  const selector = toggle.getAttribute("data-target") ?? toggle.getAttribute("href")
  return selector ? $(document).find<HTMLElement>(selector) : $()
}

function set(element: HTMLElement, isOpen: boolean): void {
  const $element = $(element)
  if ($element.hasClass("in") === isOpen) return
  $element.trigger(isOpen ? "show.bs.collapse" : "hide.bs.collapse").toggleClass("in", isOpen)
  togglesOf(element).toggleClass("collapsed", !isOpen).attr("aria-expanded", String(isOpen))
  $element.trigger(isOpen ? "shown.bs.collapse" : "hidden.bs.collapse")
}

export function collapsePlugin(this: JQuery, option?: CollapseCommand | { toggle?: boolean }): JQuery {
  return this.each((_index, element) => {
    if (option === "show" || option === "hide") set(element, option === "show")
    else if (option === "toggle" || option === undefined) set(element, !$(element).hasClass("in"))
  })
}

/** Listen on the document, once per page. */
export function bindCollapse(): void {
  $(document).on("click.bs.collapse", "[data-toggle='collapse']", (event) => {
    event.preventDefault()
    targetsOf(event.currentTarget as Element).collapse("toggle")
  })
}
