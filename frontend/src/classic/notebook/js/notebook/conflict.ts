/** Somebody else wrote the file meanwhile: compare, merge, overwrite, save as another file, reload, or leave it for now. */
import $ from "jquery"
import * as dialog from "../../../base/js/dialog"
import type { MergedNotebook } from "../../../../contents/models"
import { messageOf } from "../../../../model/errors"
import { baseOf, outputsMark, withMarks } from "../../../../model/mergebase"
import { newCellId, type CellJson, type NotebookJson } from "../../../../model/notebook"
import type { Cell } from "../cell"
import type { Notebook } from "../notebook"
import { _, counted } from "../../../../i18n/words"

/** What the server answers to a save of a file that is no longer there. */
const DELETED = "deleted on disk"
/** A cell that runs may change the notebook while it is merged; then it is merged again, so often. */
const MOST_TRIES = 3
const NAMES: Readonly<Record<string, string>> = { mine: _("this page"), theirs: _("the file") }

/** Whether a save was refused because its file is no longer there. */
export function isGone(refusal: unknown): boolean {
  return (refusal as { reason?: string } | undefined)?.reason === DELETED
}

export const conflict = {
  /** Park autosave and ask what is to be done. Returns the error with which the save ends. */
  _ask_about_conflict(this: Notebook, refusal?: unknown): Error {
    this._save_conflict = true
    const is_deleted = isGone(refusal)
    const error = new Error(
      is_deleted
        ? _("The notebook file has been deleted or moved since it was opened or last saved.")
        : _("The notebook file has changed on disk since it was opened or last saved."),
    )
    if (this._conflict_dialog?.is(":visible")) return error
    this._conflict_dialog?.remove()
    this._conflict_dialog = dialog.modal({
      notebook: this,
      keyboard_manager: this.keyboard_manager,
      title: _("Notebook changed"),
      body: $("<div/>").append(
        $("<p/>").text(_("%s What do you want to keep?", error.message)),
        explanation(is_deleted),
        $("<p class='conflict-message' role='status'/>"),
      ),
      /* It may open while somebody types, and Enter must not throw either version away. */
      default_button: "Cancel",
      buttons: {
        ...(!is_deleted && {
          Compare: { click: () => this._act_in_conflict(_("Reading the file…"), () => this._compare_with_file()) },
          Merge: { class: "btn-primary", click: () => this._act_in_conflict(_("Merging…"), () => this._merge_with_file()) },
          Reload: { class: "btn-warning", click: () => void this._reload_from_disk() },
        }),
        "Save As": { click: () => this.save_notebook_as() },
        Cancel: {},
        Overwrite: {
          class: "btn-danger save-confirm-btn",
          click: () => void this.save_notebook(false).catch(() => undefined), // told by notebook_save_failed
        },
      },
    })
    return error
  },

  /** Do `act` while the dialog says `doing`; then the dialog closes, or says what went wrong. */
  _act_in_conflict(this: Notebook, doing: string, act: () => Promise<void>): false {
    const modal = this._conflict_dialog
    const say = (text: string): void => void modal?.find(".conflict-message").text(text)
    const buttons = modal?.find(".modal-footer button")
    say(doing)
    buttons?.prop("disabled", true)
    act()
      .then(() => modal?.modal("hide"))
      .catch((error: unknown) => say(messageOf(error)))
      .finally(() => buttons?.prop("disabled", false))
    return false
  },

  /** Show this page and the file side by side; then the question comes back. */
  async _compare_with_file(this: Notebook): Promise<void> {
    const [{ content }, { comparisonTable }] = await Promise.all([this.contents.get(this.notebook_path, { type: "notebook" }), import("../comparison")])
    const [mine, theirs] = [this.toJSON().cells, (content as NotebookJson).cells]
    const modal = dialog.modal({
      notebook: this,
      keyboard_manager: this.keyboard_manager,
      title: _("This page and the file"),
      body: comparisonTable(mine, theirs, [_("This page"), _("The file")]),
      buttons: { Back: { class: "btn-primary" } },
    })
    modal.addClass("modal_stretch").one("hidden.bs.modal", () => void this._ask_about_conflict())
  },

  /** Put what the page and the file say together into the page, as an unsaved change. */
  async _merge_with_file(this: Notebook): Promise<void> {
    for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
      const changes = this._changes
      const merged = await this.contents.merge(this.notebook_path, this._merge_base, withMarks(this.toJSON()))
      if (this._changes === changes) return this._show_merged(merged)
    }
    throw new Error(_("The notebook keeps changing while a cell runs. Merge when it has finished, or interrupt the kernel."))
  },

  _show_merged(this: Notebook, { merged, conflicts, base, theirs_hash }: MergedNotebook): void {
    const cells = withIdsOfPage(merged.cells, this.get_cells())
    const { leaving, altered } = this._differing(cells)
    this.nbformat_minor = merged.nbformat_minor
    this.metadata = merged.metadata
    this._undoable(_("Merge"), [...leaving, ...altered], () => {
      for (const cell of [...leaving, ...altered]) this._take_out(cell)
      this._put_in_order(cells.map((json) => [json.id!, json]))
    })
    for (const { index, version } of conflicts) markConflict(this.get_cell(index), version)
    this._merge_base = baseOf(base)
    this.content_hash = theirs_hash
    this._save_conflict = false
    this._first_cell = null
    this.set_dirty(true)
    this.select(conflicts[0]?.index ?? 0)
    this._tell_merge(conflicts.length)
  },

  /** Cells of the page that are not in `cells`, and those that are there with something else in them. */
  _differing(this: Notebook, cells: readonly CellJson[]): { leaving: Cell[]; altered: Cell[] } {
    const wanted = new Map(cells.map((json) => [json.id, json]))
    const own = this.get_cells()
    const says_other = (cell: Cell): boolean => !isSameCell(cell.toJSON() as unknown as CellJson, wanted.get(cell.id)!)
    return { leaving: own.filter(({ id }) => !wanted.has(id)), altered: own.filter((cell) => wanted.has(cell.id) && says_other(cell)) }
  },

  _tell_merge(this: Notebook, count: number): void {
    const left = count === 0 ? _("Nothing contradicts.") : counted("%d cell is marked: look at it, and delete what should not stay.", "%d cells are marked: look at them, and delete what should not stay.", count)
    dialog.modal({
      notebook: this,
      keyboard_manager: this.keyboard_manager,
      title: _("Merged"),
      body: _("The page now has the changes of both. %s Nothing is saved before you save; Undo takes the merge back.", left),
      buttons: { OK: { class: "btn-primary" } },
    })
  },

  async _reload_from_disk(this: Notebook): Promise<void> {
    await this.load_notebook(this.notebook_path)
    this._save_conflict = false
  },
}

function explanation(is_deleted: boolean): JQuery {
  const lines = [
    ...(is_deleted
      ? []
      : [
          [_("Compare"), _("shows this page and the file side by side.")],
          [_("Merge"), _("puts the changes of both into this page, cell by cell. What contradicts stays in both versions, marked. Nothing is saved until you save.")],
          [_("Reload"), _("shows the file on disk and drops the unsaved changes of this page.")],
        ]),
    [_("Save As"), _("writes this page to another file.")],
    [_("Overwrite"), is_deleted ? _("writes the file again from this page.") : _("replaces the file with this page.")],
    [_("Cancel"), _("changes nothing: this page keeps its changes, and is not saved on its own until you decide.")],
  ]
  return $("<dl class='conflict-choices'/>").append(lines.flatMap(([name, text]) => [$("<dt/>").text(name ?? ""), $("<dd/>").text(text ?? "")]))
}

/** `merged` with ids; without any in the file, a cell that says what one of the page says is that one. */
function withIdsOfPage(merged: readonly CellJson[], cells: readonly Cell[]): (CellJson & { id: string })[] {
  const known = new Map<string, string[]>()
  for (const cell of cells) known.set(keyOf(cell.cell_type, cell.get_text()), [...(known.get(keyOf(cell.cell_type, cell.get_text())) ?? []), cell.id])
  return merged.map((json) => ({ ...json, id: json.id ?? known.get(keyOf(json.cell_type, json.source))?.shift() ?? newCellId() }))
}

function keyOf(type: string | null, source: string): string {
  return `${type} ${source}`
}

function isSameCell(own: CellJson, merged: CellJson): boolean {
  const written = ({ metadata }: CellJson): [string, unknown][] => Object.entries(metadata).filter(([name]) => name !== "trusted").sort()
  const text = (cell: CellJson): string => JSON.stringify([cell.cell_type, cell.source, written(cell), cell.attachments ?? {}])
  return text(own) === text(merged) && (own.cell_type !== "code" || outputsMark(own) === outputsMark(merged))
}

/** Say on the cell which version it is; the mark goes when the user says so. */
function markConflict(cell: Cell | null, version: string): void {
  if (!cell) return
  cell.element.children(".merge-conflict").remove()
  const done = $("<button type='button' class='btn btn-default btn-xs'/>").text(_("Settled")).attr("title", _("Take this mark away"))
  const bar = $("<div class='merge-conflict' role='note'/>").attr("data-version", version)
  done.on("click", () => void bar.remove())
  bar.append($("<span/>").text(_("Both changed this cell. This is the version of %s.", NAMES[version] ?? version)), done)
  cell.element.prepend(bar)
}
