/**
 * Sections that can be folded: a button beside each rendered heading hides the cells below it, up to the next heading of
 * its level. They stay cells in every other respect. Kept as `heading_collapsed` in the heading's metadata, as elsewhere.
 */
import $ from "jquery"
import { headingsAbove, hiddenCells, sectionEnd, type Levels } from "../../../../model/outline"
import type { Cell } from "../cell"
import type { Notebook } from "../notebook"
import { folds_elsewhere, headings_of, is_folded, levels_of } from "./headings"
import { _, counted } from "../../../../i18n/words"

export const HIDDEN = "section_hidden"
const TOGGLE = "section_toggle"
const FOLLOW_MS = 100

export class Sections {
  private timer: number | undefined
  /** Whether any cell is hidden, so that there is something to keep up with. */
  private has_hidden = false
  /** What was seen, and which headings were folded, when the page was last made to follow. */
  private seen = new WeakSet<Cell>()
  private closed = new WeakSet<Cell>()
  /** A button to make others from: long notebooks have many. */
  private pattern: Element | null = null

  constructor(private readonly notebook: Notebook) {
    const { events } = notebook
    events.on("rendered.MarkdownCell", (_event: unknown, { cell }: { cell: Cell }) => this.rendered(cell))
    events.on("set_dirty.Notebook", () => this.has_hidden && this.follow_soon())
    events.on("notebook_loaded.Notebook", () => this.follow())
    events.on("selected_cell_type_changed.Notebook", () => this.show_selected())
    new MutationObserver(() => this.has_hidden && this.follow_soon()).observe(notebook.container[0]!, { childList: true })
    /* The browser's own search found something in a hidden cell. */
    notebook.container.on("beforematch", (event) => {
      const cell = $(event.target).closest(".cell").data("cell") as Cell | undefined
      if (cell) this.reveal(cell)
    })
  }

  /** Fold or unfold the section that `cell` begins. Returns false where it begins none. */
  fold(cell: Cell, is_to_be_folded: boolean): boolean {
    if (headings_of(cell).length === 0 || folds_elsewhere(this.notebook) || is_folded(cell) === is_to_be_folded) return false
    if (is_to_be_folded) cell.metadata["heading_collapsed"] = true
    else delete cell.metadata["heading_collapsed"]
    if (is_to_be_folded) this.leave(cell)
    this.notebook.set_dirty(true)
    this.follow()
    return true
  }

  /** Unfold every section that `cell` is hidden in. */
  reveal(cell: Cell): void {
    const cells = this.notebook.get_cells()
    const folded = headingsAbove(levels_of(cells), cells.indexOf(cell)).filter((index) => is_folded(cells[index]!))
    for (const index of folded) this.fold(cells[index]!, false)
  }

  /** Fold the section of the selected heading; where that is done, or in another cell, the selection goes up to its heading. */
  fold_selected(): boolean {
    const { notebook } = this
    const cell = notebook.get_selected_cell()
    if (!cell || folds_elsewhere(notebook)) return false
    if (this.fold(cell, true)) return true
    const [above] = headingsAbove(levels_of(notebook.get_cells()), notebook.get_selected_index() ?? 0)
    if (above === undefined) return false
    notebook.select(above)
    notebook.focus_cell()
    return true
  }

  unfold_selected(): boolean {
    const cell = this.notebook.get_selected_cell()
    return cell !== null && this.fold(cell, false)
  }

  /* What is about to be hidden must not have the selection. */
  private leave(heading: Cell): void {
    const { notebook } = this
    const start = notebook.find_cell_index(heading)
    const selected = notebook.get_selected_index()
    if (start === null || selected === null || selected <= start) return
    if (selected < sectionEnd(levels_of(notebook.get_cells()), start)) notebook.select(start)
  }

  private rendered(cell: Cell): void {
    this.update_toggle(cell, 0)
    if (this.has_hidden || is_folded(cell)) this.follow_soon()
  }

  private follow_soon(): void {
    this.timer ??= window.setTimeout(() => this.follow(), FOLLOW_MS)
  }

  /** Hide and show the cells as the headings say now. */
  follow(): void {
    window.clearTimeout(this.timer)
    this.timer = undefined
    const cells = this.notebook.get_cells()
    const is_off = folds_elsewhere(this.notebook)
    const folded = cells.map((cell) => !is_off && is_folded(cell))
    if (!this.has_hidden && !is_off && !folded.includes(true)) return this.update_toggles(cells)
    const levels = levels_of(cells)
    const hidden = hiddenCells(levels, folded)
    const swallowed = cells.find((cell, index) => hidden[index] && this.seen.has(cell) && this.is_below_closed(cells, levels, index))
    if (swallowed) return this.reveal(swallowed)
    cells.forEach((cell, index) => show(cell, hidden[index] !== true))
    this.has_hidden = hidden.includes(true)
    this.seen = new WeakSet(cells.filter((_cell, index) => !hidden[index]))
    this.closed = new WeakSet(cells.filter((_cell, index) => folded[index]))
    cells.forEach((cell, index) => this.update_toggle(cell, folded[index] ? sectionEnd(levels, index) - index - 1 : 0))
    this.show_selected()
  }

  /* A cell that comes into a folded section by moving, or because a heading between went, would be gone unasked. */
  private is_below_closed(cells: readonly Cell[], levels: Levels, index: number): boolean {
    return headingsAbove(levels, index).some((above) => is_folded(cells[above]!) && this.closed.has(cells[above]!))
  }

  private update_toggles(cells: readonly Cell[]): void {
    for (const cell of cells) this.update_toggle(cell, 0)
  }

  /** Nobody works on a cell that is not seen. */
  private show_selected(): void {
    const cell = this.has_hidden ? this.notebook.get_selected_cell() : null
    if (cell?.element.hasClass(HIDDEN)) this.reveal(cell)
  }

  private update_toggle(cell: Cell, hidden_count: number): void {
    if (cell.cell_type !== "markdown") return
    const prompt = childOf(cell.element[0], "prompt")
    const existing = childOf(prompt, TOGGLE)
    const [heading] = headings_of(cell)
    if (!heading || folds_elsewhere(this.notebook)) return existing?.remove()
    const button = existing ?? this.make_toggle(cell)
    if (!existing) prompt?.append(button)
    describe(button, heading.text, is_folded(cell), hidden_count)
  }

  private make_toggle(cell: Cell): Element {
    this.pattern ??= $("<button type='button' tabindex='2'/>").addClass(TOGGLE).append($("<span class='section_count'/>"), $("<i aria-hidden='true'/>"))[0] as Element
    const button = this.pattern.cloneNode(true) as HTMLElement
    button.addEventListener("click", () => void this.fold(cell, !is_folded(cell)))
    /* These are the button's: the page would edit the cell. */
    button.addEventListener("dblclick", (event) => event.stopPropagation())
    button.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") event.stopPropagation()
    })
    return button
  }
}

function childOf(parent: Element | undefined, name: string): Element | undefined {
  return [...(parent?.children ?? [])].find((child) => child.classList.contains(name))
}

function describe(button: Element, title: string, is_closed: boolean, count: number): void {
  const said = {
    "aria-expanded": String(!is_closed),
    "aria-label": is_closed ? counted("Section “%2$s”, %1$d cell hidden", "Section “%2$s”, %1$d cells hidden", count, count, title) : _("Section “%s”", title),
    title: is_closed ? counted("Show the %d cell of this section", "Show the %d cells of this section", count) : _("Hide the cells of this section"),
  }
  for (const [name, value] of Object.entries(said)) button.setAttribute(name, value)
  button.lastElementChild?.setAttribute("class", `fa fa-caret-${is_closed ? "right" : "down"}`)
  if (button.firstElementChild) button.firstElementChild.textContent = is_closed ? String(count) : ""
}

/* "until-found": the browser's search looks into it. A cell that is not seen is no stop of the Tab key. */
function show(cell: Cell, is_shown: boolean): void {
  const [element] = cell.element
  if (!element || element.classList.contains(HIDDEN) !== is_shown) return
  element.classList.toggle(HIDDEN, !is_shown)
  if (is_shown) element.removeAttribute("hidden")
  else element.setAttribute("hidden", "until-found")
  element.setAttribute("tabindex", is_shown ? "2" : "-1")
}
