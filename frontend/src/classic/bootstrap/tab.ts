/** `$.fn.tab`: one visible pane out of several, under the Bootstrap 3 names. */
import $ from "jquery"

declare global {
  interface JQuery {
    tab(option?: "show"): this
  }
}

function show(link: HTMLElement): void {
  const $item = $(link).closest("li")
  const selector = link.getAttribute("data-target") ?? link.getAttribute("href") ?? ""
  const $pane = selector.startsWith("#") && selector.length > 1 ? $(selector) : $()
  if ($item.hasClass("active") || $pane.length === 0) return
  $item.addClass("active").siblings().removeClass("active").find("a").attr("aria-selected", "false")
  link.setAttribute("aria-selected", "true")
  $pane.addClass("active in").siblings(".tab-pane").removeClass("active in")
  $(link).trigger("shown.bs.tab")
}

export function tabPlugin(this: JQuery, option?: "show"): JQuery {
  return this.each((_index, link) => {
    if (option === "show") show(link)
  })
}

/** Listen on the document, once per page. */
export function bindTabs(): void {
  $(document).on("click.bs.tab", "[data-toggle='tab']", (event) => {
    event.preventDefault()
    show(event.currentTarget as HTMLElement)
  })
}
