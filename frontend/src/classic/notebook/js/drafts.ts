/** Unsaved changes outlive the page: they are kept in the browser within a second, and offered when the notebook is opened again. */
import $ from "jquery"
import * as dialog from "../../base/js/dialog"
import { DraftStore, type FoundDraft } from "../../../contents/draftstore"
import { relativeTime } from "../../../model/dates"
import { differences, withOutputs, type Draft, type DraftCell } from "../../../model/draft"
import { copyJson, type CellJson } from "../../../model/notebook"
import { bodyData } from "../../../page/bodydata"
import type { CodeCell } from "./codecell"
import type { Notebook } from "./notebook"
import { _, counted } from "../../../i18n/words"

/** A crash loses what was typed in this time, and the moment that writing takes. */
const KEEP_AFTER_MS = 500

/** Users of one browser see each other's drafts only where the server takes them for one. */
function homeOf(base_url: string): string {
  const user = bodyData("user")
  return user ? `${base_url} ${encodeURIComponent(user)}` : base_url
}

export class Drafts {
  private timer: number | undefined
  private path: string | undefined

  constructor(
    private readonly notebook: Notebook,
    private readonly store: DraftStore = new DraftStore(homeOf(notebook.base_url)),
  ) {
    const { events } = notebook
    events.on("set_dirty.Notebook", (_event: unknown, change: { value: boolean }) => (change.value ? this.keep_soon() : void this.drop()))
    events.on("notebook_renamed.Notebook", () => void this.move())
    events.on("notebook_loaded.Notebook", () => void this.offer())
  }

  keep_soon(): void {
    this.timer ??= window.setTimeout(() => void this.keep(), KEEP_AFTER_MS)
  }

  async keep(): Promise<void> {
    this.timer = undefined
    const { notebook } = this
    if (!notebook.dirty || !notebook._fully_loaded || !notebook.writable) return
    this.path = notebook.notebook_path
    await this.store.keep(draftOf(notebook))
  }

  async drop(): Promise<void> {
    window.clearTimeout(this.timer)
    this.timer = undefined
    if (this.path !== undefined) await this.store.drop(this.path)
    this.path = undefined
  }

  /** The notebook has another path now. */
  async move(): Promise<void> {
    if (this.path === undefined) return
    await this.drop()
    await this.keep()
  }

  /** Ask what to do with what an earlier page could not save; with what is in the file by now, nobody is bothered. */
  async offer(): Promise<void> {
    const { notebook } = this
    const found = await this.store.left(notebook.notebook_path)
    const cells = cellsOf(notebook)
    const [newest] = found.filter(({ draft }) => differences(draft, cells) > 0)
    const settled = found.filter((one) => one !== newest && differences(one.draft, cells) === 0)
    await this.store.forget(settled.map(({ key }) => key))
    if (newest) this.ask(newest)
  }

  private ask(found: FoundDraft): void {
    const { notebook } = this
    dialog.modal({
      notebook,
      keyboard_manager: notebook.keyboard_manager,
      title: _("Unsaved changes"),
      body: explanation(found.draft, notebook),
      default_button: "Later",
      buttons: {
        Discard: { class: "btn-danger", click: () => void this.discard(found) },
        Later: {},
        Restore: { class: "btn-primary", click: () => void this.restore(found) },
      },
    })
  }

  /** Throw it away, and go on with what another page left: several may have ended at once. */
  async discard(found: FoundDraft): Promise<void> {
    await this.store.forget([found.key])
    await this.offer()
  }

  /** Put the draft's cells in place of the notebook's, as an unsaved change. */
  async restore(found: FoundDraft): Promise<void> {
    const { notebook } = this
    const cells = notebook.get_cells()
    const { draft } = found
    const isSameRow = draft.cells.length === cells.length && draft.cells.every((cell, index) => cell.id === cells[index]?.id && cell.cell_type === cells[index]?.cell_type)
    if (isSameRow) draft.cells.forEach((cell, index) => restoreText(notebook, index, cell))
    else replaceCells(notebook, withOutputs(draft, notebook.toJSON().cells))
    notebook.set_dirty(true)
    await this.keep()
    await this.store.forget([found.key])
  }
}

function draftOf(notebook: Notebook): Draft {
  const { notebook_path, content_hash, metadata } = notebook
  return { path: notebook_path, base: content_hash, at_ms: Date.now(), metadata: copyJson(metadata), cells: cellsOf(notebook) }
}

function cellsOf(notebook: Notebook): DraftCell[] {
  return notebook.get_cells().map((cell) => {
    if (cell.cell_type === null || cell.cell_type === "unrecognized") return copyJson(cell.toJSON()) as DraftCell
    const { attachments } = cell as { attachments?: CellJson["attachments"] }
    const kept = { id: cell.id, cell_type: cell.cell_type, source: cell.get_text(), metadata: copyJson(cell.metadata) }
    return attachments && Object.keys(attachments).length > 0 ? { ...kept, attachments: copyJson(attachments) } : kept
  })
}

function explanation(draft: Draft, notebook: Notebook): JQuery {
  const count = differences(draft, cellsOf(notebook))
  const what = counted("%d cell is different there.", "%d cells are different there.", count)
  const body = $("<div/>").append(
    $("<p/>").text(_("This browser kept changes of “%1$s” from %2$s that were never saved. %3$s", notebook.notebook_name, relativeTime(new Date(draft.at_ms), new Date()), what)),
  )
  if (draft.base !== notebook.content_hash) {
    body.append($("<p/>").text(_("The file has changed since: restoring puts the cells of this browser in place of those of the file, as an unsaved change.")))
  }
  return body.append($("<p/>").text(_("“Later” keeps them, and asks again the next time.")))
}

function restoreText(notebook: Notebook, index: number, kept: DraftCell): void {
  const cell = notebook.get_cell(index)
  if (!cell) return
  const text_cell = cell as { attachments?: CellJson["attachments"]; rendered?: boolean; render(): unknown }
  const is_rendered = text_cell.rendered
  if (kept.attachments) text_cell.attachments = kept.attachments
  if (cell.get_text() !== kept.source) cell.set_text(kept.source)
  if (is_rendered) text_cell.render()
}

function replaceCells(notebook: Notebook, cells: CellJson[]): void {
  const { notebook_name: name, notebook_path: path, metadata, nbformat, nbformat_minor } = notebook
  notebook.fromJSON({ name, path, content: { cells, metadata, nbformat, nbformat_minor } } as never)
  for (const cell of notebook.get_cells()) if (cell.cell_type === "code" && notebook.kernel) (cell as CodeCell).set_kernel(notebook.kernel)
  notebook.select(0)
}
