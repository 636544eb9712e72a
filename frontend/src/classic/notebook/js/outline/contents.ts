/** The table of contents: a pane beside the cells with the headings of all of them. Made when it is first wanted. */
import $ from "jquery"
import { entriesOf, entryAt, parentOf, type Entry } from "../../../../model/outline"
import * as utils from "../../../base/js/utils"
import { keyAlongLine } from "../../../../i18n/direction"
import type { Notebook } from "../notebook"
import { has_contents_elsewhere, headings_of } from "./headings"
import type { Sections } from "./sections"
import { _ } from "../../../../i18n/words"

const FOLLOW_MS = 150
const SCROLL_MS = 100
/** Narrower, the pane lies over the cells, and closes when a heading was chosen. */
const NARROW = "(width < 768px)"
const SHOWN = "contents_shown"

export class TableOfContents {
  private pane: JQuery | null = null
  private list: JQuery = $()
  private timer: number | undefined
  private entries: readonly Entry[] = []

  constructor(
    private readonly notebook: Notebook,
    private readonly sections: Sections,
  ) {
    const { events } = notebook
    events.on("set_dirty.Notebook rendered.MarkdownCell notebook_loaded.Notebook", () => this.follow_soon())
    events.on("selected_cell_type_changed.Notebook", () => this.mark())
    new MutationObserver(() => this.follow_soon()).observe(notebook.container[0]!, { childList: true })
    void notebook.config.loaded.then(() => this.begin())
  }

  /** As the last page left it; on a narrow screen it would cover the notebook. */
  private begin(): void {
    $("#toggle_table_of_contents").toggle(!has_contents_elsewhere(this.notebook))
    if (this.notebook.class_config.get_sync("TableOfContents") === true && !is_narrow()) this.show(false)
  }

  get is_shown(): boolean {
    return document.body.classList.contains(SHOWN)
  }

  toggle(): void {
    if (has_contents_elsewhere(this.notebook)) return
    if (this.is_shown) this.hide()
    else this.show(true)
    this.notebook._keep({ Notebook: { TableOfContents: this.is_shown } })
  }

  show(takes_focus: boolean): void {
    this.pane ??= this.make()
    document.body.classList.add(SHOWN)
    this.pane.removeAttr("hidden")
    this.place()
    this.follow()
    if (takes_focus) this.rows().filter("[tabindex=0]").add(this.list.filter("[tabindex=0]")).first().trigger("focus")
  }

  hide(): void {
    const had_focus = this.pane?.[0]?.contains(document.activeElement)
    document.body.classList.remove(SHOWN)
    this.pane?.attr("hidden", "hidden")
    if (had_focus) this.notebook._focus_selected_element()
  }

  private make(): JQuery {
    const close = $("<button type='button' class='close'>&times;</button>").on("click", () => this.toggle())
    close.attr({ "aria-label": _("Close the table of contents"), title: _("Close") })
    this.list = $("<ul role='tree'/>").attr("aria-label", _("Headings")).on("click", "li", (event) => this.go(this.rows().index(event.currentTarget)))
    const head = $("<div class='contents_head'/>").append($("<h2/>").text(_("Contents")), close)
    const empty = $("<p class='contents_empty'/>").text(_("No headings yet. A Markdown cell that begins with # makes one."))
    const pane = $("<nav id='contents_pane' hidden/>").attr("aria-label", _("Table of contents")).append(head, this.list, empty).appendTo(document.body)
    pane.on("keydown", (event) => this.on_key(event))
    this.notebook.keyboard_manager.register_events(pane)
    const site = $("#site")
    site.on("scroll", utils.throttle(() => this.mark(), SCROLL_MS) as () => void)
    if (site[0] && typeof ResizeObserver !== "undefined") new ResizeObserver(() => this.place()).observe(site[0])
    return pane
  }

  /* Beside the cells, whatever the header and the pager leave of the window. */
  private place(): void {
    const site = document.getElementById("site")
    if (site && this.is_shown) this.pane?.css({ top: site.offsetTop, height: site.offsetHeight })
  }

  private rows(): JQuery {
    return this.list.children("li")
  }

  private follow_soon(): void {
    if (this.is_shown) this.timer ??= window.setTimeout(() => this.follow(), FOLLOW_MS)
  }

  /** Show the headings as they are now. Rows are kept where they can be: one of them may have the focus. */
  private follow(): void {
    window.clearTimeout(this.timer)
    this.timer = undefined
    this.entries = entriesOf(this.notebook.get_cells().map(headings_of))
    const rows = this.rows()
    this.entries.forEach((entry, index) => fill(rows[index] ? $(rows[index]) : $("<li role='treeitem' tabindex='-1'/>").appendTo(this.list), entry))
    const surplus = rows.slice(this.entries.length)
    const lost_focus = surplus.is(":focus")
    surplus.remove()
    this.list.toggle(this.entries.length > 0)
    this.pane?.children(".contents_empty").toggle(this.entries.length === 0)
    this.mark()
    if (!lost_focus) return
    if (this.entries.length > 0) this.rows().last().trigger("focus")
    else this.pane?.find(".close").trigger("focus")
  }

  /** Mark where the reader is: at the selected cell while that is in sight, else at what is on top. */
  private mark(): void {
    if (!this.is_shown) return
    const { notebook } = this
    const selected = notebook.get_selected_cell()
    const is_in_sight = selected !== null && notebook.scroll_manager.is_cell_visible(selected)
    const at = is_in_sight ? notebook.get_selected_index() : notebook.scroll_manager.get_first_visible_cell()
    const current = entryAt(this.entries, at ?? 0)
    const rows = this.rows()
    rows.removeAttr("aria-current").eq(current < 0 ? rows.length : current).attr("aria-current", "true")
    if (!rows.is(":focus")) this.stop_at(Math.max(0, current))
  }

  /* The tree is one stop of the Tab key. */
  private stop_at(index: number): JQuery {
    return this.rows().attr("tabindex", "-1").eq(index).attr("tabindex", "0")
  }

  private on_key(event: JQuery.TriggeredEvent): void {
    if (event.key === "Escape") return void (event.preventDefault(), this.toggle())
    const rows = this.rows()
    const at = rows.index(document.activeElement ?? undefined!)
    if (at < 0 || event.ctrlKey || event.altKey || event.metaKey) return
    const target = this.target(keyAlongLine(event.key ?? ""), at)
    if (target === null) return
    event.preventDefault()
    if (event.key === "Enter" || event.key === " ") this.go(at)
    else if (target >= 0 && target < rows.length) this.stop_at(target).trigger("focus")
  }

  /** Where `key` leads from the row at `at`; null where it means nothing. */
  private target(key: string, at: number): number | null {
    const { entries } = this
    const level = entries[at]?.level ?? 1
    const below = entries[at + 1]
    if (key === "ArrowDown") return at + 1
    if (key === "ArrowUp") return at - 1
    if (key === "Home") return 0
    if (key === "End") return entries.length - 1
    if (key === "ArrowLeft") return parentOf(entries, at)
    if (key === "ArrowRight") return below && below.level > level ? at + 1 : at
    return key === "Enter" || key === " " ? at : null
  }

  /** Select the heading's cell and bring the heading to the top. */
  private go(index: number): void {
    const { notebook } = this
    const entry = this.entries[index]
    const cell = entry && notebook.get_cell(entry.cell)
    if (!entry || !cell) return
    this.stop_at(index)
    this.sections.reveal(cell)
    if (is_narrow()) this.hide()
    notebook.select(entry.cell)
    const heading = cell.element.find(".text_cell_render").find("h1, h2, h3, h4, h5, h6")[entry.nth]
    if (cell.rendered && heading) notebook.scroll_manager.scroll_to($(heading))
    else notebook.scroll_to_cell(entry.cell)
    if (!this.is_shown) notebook._focus_selected_element()
    this.mark()
  }
}

function is_narrow(): boolean {
  return typeof window.matchMedia === "function" && window.matchMedia(NARROW).matches
}

function fill(row: JQuery, { level, text }: Entry): void {
  if (row.text() !== text) row.text(text).attr("title", text)
  row.attr("aria-level", level)
}
