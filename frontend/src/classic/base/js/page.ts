/** Header and site: shows them when they are ready, keeps the site as high as the window leaves it. */
import $ from "jquery"
import { events } from "./events"

export class Page {
  header_div_selector: string
  site_div_selector: string
  header_div_element: JQuery
  site_div_element: JQuery

  constructor(header_div_selector = "div#header", site_div_selector = "div#site") {
    this.header_div_selector = header_div_selector
    this.site_div_selector = site_div_selector
    this.header_div_element = $(header_div_selector)
    this.site_div_element = $(site_div_selector)
    this.bind_events()
  }

  bind_events(): void {
    $(window).on("resize", (event) => this._resize_site(event as unknown as JQuery.TriggeredEvent))
    $(() => this._resize_site())
    events.on("resize-header.Page", (event: JQuery.TriggeredEvent) => this._resize_site(event))
    /* On a narrow screen a message or an opened menu makes the header higher, and nobody tells. */
    const header = this.header_div_element[0]
    if (header && typeof ResizeObserver !== "undefined") new ResizeObserver(() => this._resize_site()).observe(header)
  }

  /** Show both; the page is ready. */
  show(): void {
    this.show_header()
    this.show_site()
  }

  show_header(): void {
    this.header_div_element.css("display", "block")
  }

  show_site(): void {
    this.site_div_element.css("display", "block")
    this._resize_site()
  }

  _resize_site(e?: JQuery.TriggeredEvent): void {
    /* A resize event bubbles up from any element that sends one of its own. */
    if (e?.target !== undefined && e.type === "resize" && e.target !== window) return
    const header_height = this.header_div_element.outerHeight() ?? 0
    this.site_div_element.height(window.innerHeight - header_height)
  }
}
