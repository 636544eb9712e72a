/** The form of Find and Replace: what to look for and where, and what would come of it. */
import $ from "jquery"
import { messageOf } from "../../../../model/errors"
import type { Found, Query } from "../../../../model/search"
import { Superseded, TimedWorker, TookTooLong } from "../../../../page/timed_worker"
import type { Cell } from "../cell"
import type { Notebook } from "../notebook"
import { replaceInCells, type Replacement } from "./applying"
import { nothingFound, showFound } from "./preview"
import { _, counted } from "../../../../i18n/words"

declare const SEARCHER_FILE: string

/* A person who types waits for the preview; who pressed Replace All waits for the result. */
const PREVIEW_DELAY_MS = 150
const PREVIEW_LIMIT_MS = 2000
const REPLACE_LIMIT_MS = 10_000
const UNDO_OFFER_MS = 15_000
const TOO_SLOW = _("This expression takes too long on these cells. Nothing was changed; try a simpler one.")

interface Question {
  texts: string[]
  query: Query
  replacement: string
}

type Answer = { found: Found; problem?: undefined } | { found?: undefined; problem: string }

function toggle(id: string, label: string, title: string): JQuery {
  const $button = $("<button type='button' class='btn btn-default btn-sm' aria-pressed='false'></button>")
  if (id) $button.attr("id", id)
  $button.attr({ title, "aria-label": title }).append(label.startsWith("<") ? $(label) : document.createTextNode(label))
  return $button
}

function field(id: string, label: string): JQuery<HTMLElement> {
  return $("<input type='text' class='form-control input-sm' autocomplete='off' spellcheck='false'>").attr({
    id, placeholder: label, "aria-label": label,
  }) as JQuery<HTMLElement>
}

export class SearchForm {
  readonly element: JQuery<HTMLElement>
  private readonly $find = field("findreplace_find_inp", _("Find"))
  private readonly $replace = field("findreplace_replace_inp", _("Replace"))
  private readonly $case = toggle("", _("Aa"), _("Match case"))
  private readonly $regex = toggle("isreg", ".*", _("Use a regular expression (JavaScript syntax)"))
  private readonly $everywhere = toggle("findreplace_allcells_btn", "<i class='fa fa-arrows-v' aria-hidden='true'></i>", _("Replace in all cells"))
  private readonly $preview = $("<div id='replace-preview'></div>")
  private readonly worker = new TimedWorker<Question, Answer>(SEARCHER_FILE)
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly notebook: Notebook) {
    const $buttons = $("<div class='input-group-btn'></div>").append(this.$case, this.$regex, this.$everywhere)
    this.element = $("<form id='find-and-replace'></form>").append(
      $("<div class='form-group'></div>").append($("<div class='input-group'></div>").append($buttons, this.$find)),
      $("<div class='form-group'></div>").append(this.$replace),
      this.$preview,
    ) as JQuery<HTMLElement>
  }

  start(): void {
    this.element.on("input", () => this.preview_soon())
    this.element.on("click", "button[aria-pressed]", (event) => {
      const $button = $(event.currentTarget as HTMLElement)
      const is_on = $button.attr("aria-pressed") !== "true"
      $button.attr("aria-pressed", String(is_on)).toggleClass("active", is_on)
      this.preview_soon()
    })
    this.element.on("keydown", (event) => this.keydown(event as unknown as JQuery.KeyDownEvent))
    this.element.on("submit", (event) => event.preventDefault())
    nothingFound(this.$preview)
    this.$find.trigger("focus")
  }

  stop(): void {
    clearTimeout(this.timer)
    this.worker.stop()
  }

  /* Enter in Find leads on to Replace, Enter there replaces. */
  private keydown(event: JQuery.KeyDownEvent): void {
    if (event.key !== "Enter" || event.originalEvent?.isComposing) return
    if (event.target === this.$find[0]) this.$replace.trigger("focus")
    else if (event.target === this.$replace[0]) this.element.trigger("replace")
    else return
    event.preventDefault()
  }

  private is_on($button: JQuery): boolean {
    return $button.attr("aria-pressed") === "true"
  }

  /** The cells in whose text is looked; those that must not be edited are left out. */
  private cells(): Cell[] {
    const cells = this.is_on(this.$everywhere) ? this.notebook.get_cells() : this.notebook.get_selected_cells()
    return cells.filter((cell) => cell.is_editable() && cell.cell_type !== "unrecognized")
  }

  private question(cells: readonly Cell[]): Question {
    const query = {
      pattern: String(this.$find.val() ?? ""), is_regex: this.is_on(this.$regex), is_case_sensitive: this.is_on(this.$case),
    }
    return { texts: cells.map((cell) => cell.get_text()), query, replacement: String(this.$replace.val() ?? "") }
  }

  private preview_soon(): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.show_preview(), PREVIEW_DELAY_MS)
  }

  private async show_preview(): Promise<void> {
    const answer = await this.ask(this.question(this.cells()), PREVIEW_LIMIT_MS)
    if (answer) showFound(this.$preview, answer)
  }

  /* Without an answer, the dialog says why; a question that another one replaced says nothing. */
  private async ask(question: Question, limit_ms: number): Promise<Found | null> {
    if (question.query.pattern === "") {
      this.worker.stop()
      nothingFound(this.$preview)
      return null
    }
    try {
      const { found, problem } = await this.worker.ask(question, limit_ms)
      if (found) return found
      nothingFound(this.$preview, problem)
    } catch (error) {
      if (!(error instanceof Superseded)) nothingFound(this.$preview, error instanceof TookTooLong ? TOO_SLOW : messageOf(error))
    }
    return null
  }

  /** Replace every find. Resolves with whether that was done; an Undo is offered beside the menus. */
  async replace_all(): Promise<boolean> {
    clearTimeout(this.timer)
    const cells = this.cells()
    const question = this.question(cells)
    const found = await this.ask(question, REPLACE_LIMIT_MS)
    if (!found || found.count === 0) {
      if (found) showFound(this.$preview, found)
      return false
    }
    const made = replaceInCells(cells, question.texts, found.matches)
    this.notebook.set_dirty(true)
    this.notebook.events.trigger("replaced.FindAndReplace", { count: found.count, cells: made.map(({ cell }) => cell) })
    this.offer_undo(found.count, made)
    return true
  }

  private offer_undo(count: number, made: readonly Replacement[]): void {
    const where = counted("%d cell", "%d cells", made.length)
    const text = counted("Replaced %1$d match in %2$s. Undo", "Replaced %1$d matches in %2$s. Undo", count, count, where)
    const undo = (): void => {
      for (const replacement of made) replacement.take_back()
    }
    this.notebook.events.trigger("undo_offered.Notebook", { text, undo, timeout_ms: UNDO_OFFER_MS })
  }
}
