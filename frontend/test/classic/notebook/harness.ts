/** A Notebook in a small page, with collaborators that only remember what was asked of them. */
import $ from "jquery"
import { vi, type Mock } from "vitest"
import { events } from "../../../src/classic/base/js/events"
import { Notebook, type NotebookOptions } from "../../../src/classic/notebook/js/notebook"
import type { CellJson } from "../../../src/model/notebook"
import { pretendLayout } from "./layout"

const PAGE = `
  <div id="header"><span id="save_widget"><span id="notebook_name" class="filename"></span>
    <span class="checkpoint_status"></span><span class="autosave_status"></span></span></div>
  <span id="kernel_logo_widget"><img class="current_kernel_logo"></span>
  <span class="kernel_indicator_name">Kernel</span><i id="kernel_indicator_icon"></i>
  <i id="readonly-indicator"></i><i id="modal_indicator"></i><span id="notification_area"></span>
  <ul><li id="undelete_cell" class="disabled"></li><li id="paste_cell_above" class="disabled"></li>
    <li><ul id="menu-change-kernel-submenu"></ul></li><li><ul id="menu-new-notebook-submenu"></ul></li></ul>
  <div id="site"><div id="notebook"></div></div><div id="pager"></div>`

export interface FakeContents {
  get: Mock
  save: Mock
  rename: Mock
  copy: Mock
  merge: Mock
  trust: Mock
  new_untitled: Mock
  create_checkpoint: Mock
  list_checkpoints: Mock
  restore_checkpoint: Mock
  delete_checkpoint: Mock
}

export const SAVED_AT = "2026-11-22T10:00:00Z"

export function contentsModel(cells: CellJson[], more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: "a.ipynb",
    path: "dir/a.ipynb",
    type: "notebook",
    format: "json",
    writable: true,
    created: SAVED_AT,
    last_modified: SAVED_AT,
    hash: "h1",
    content: { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 },
    ...more,
  }
}

function fakeContents(): FakeContents {
  let version = 1
  const answer = (path: string): Record<string, unknown> => {
    version += 1
    return { name: path.split("/").pop(), path, writable: true, last_modified: SAVED_AT, hash: `h${version}`, content: null }
  }
  return {
    get: vi.fn(async () => contentsModel([])),
    save: vi.fn(async (path: string) => answer(path)),
    rename: vi.fn(async (_old: string, path: string) => answer(path)),
    copy: vi.fn(async () => answer("dir/a-Copy1.ipynb")),
    merge: vi.fn(),
    trust: vi.fn(async () => undefined),
    new_untitled: vi.fn(async () => answer("dir/Untitled.ipynb")),
    create_checkpoint: vi.fn(async () => ({ id: "checkpoint", last_modified: SAVED_AT })),
    list_checkpoints: vi.fn(async () => []),
    restore_checkpoint: vi.fn(async () => undefined),
    delete_checkpoint: vi.fn(async () => undefined),
  }
}

export interface Setting {
  notebook: Notebook
  contents: FakeContents
  /** Names of the bus events, in order, with their payload. */
  told: [string, unknown][]
}

let listened = false
const told: [string, unknown][] = []

/* The bus is one for the page; a trigger is noted whether or not somebody listens. */
function noteEvents(): void {
  told.length = 0
  if (listened) return
  listened = true
  const plain = events.trigger.bind(events) as (name: string, payload?: unknown) => unknown
  events.trigger = ((name: string, payload?: unknown) => {
    told.push([name, payload])
    return plain(name, payload)
  }) as typeof events.trigger
}

export function makeNotebook(data: Record<string, unknown> = {}): Setting {
  pretendLayout()
  $.fx.off = true
  events.off()
  noteEvents()
  document.body.innerHTML = PAGE
  const contents = fakeContents()
  const keyboard_manager = {
    set_notebook: vi.fn(), edit_mode: vi.fn(), command_mode: vi.fn(), enable: vi.fn(), disable: vi.fn(), register_events: vi.fn(),
    edit_shortcuts: { handles: () => false },
  }
  const notebook = new Notebook("#notebook", {
    events,
    keyboard_manager,
    contents,
    save_widget: { update_notebook_name: vi.fn() },
    config: { data, loaded: Promise.resolve(), update: vi.fn(async () => data) },
    base_url: "/nb/",
    ws_url: "",
    notebook_path: "dir/a.ipynb",
    notebook_name: "a.ipynb",
  } as unknown as NotebookOptions)
  notebook.start_session = vi.fn()
  return { notebook, contents, told }
}

export function code(source: string, more: Partial<CellJson> = {}): CellJson {
  return { cell_type: "code", id: `id-${source.replace(/\W/g, "") || "empty"}`, metadata: {}, source, outputs: [], execution_count: null, ...more }
}

export function markdown(source: string, more: Partial<CellJson> = {}): CellJson {
  return { cell_type: "markdown", id: `id-${source.replace(/\W/g, "") || "empty"}`, metadata: {}, source, ...more }
}

/** A notebook that shows these cells, as after opening a file; nothing is dirty. */
export function opened(cells: CellJson[], more: Record<string, unknown> = {}): Setting {
  const setting = makeNotebook()
  setting.notebook.load_notebook_success(contentsModel(cells, more) as never)
  setting.told.length = 0
  return setting
}

export function sources(notebook: Notebook): string[] {
  return notebook.get_cells().map((cell) => cell.get_text())
}

export function types(notebook: Notebook): (string | null)[] {
  return notebook.get_cells().map((cell) => cell.cell_type)
}

/** Let promises that are ready run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
}

/** The dialog that is shown now. */
export function shownDialog(): JQuery {
  return $(".modal").last()
}

export function pressButton(label: string): void {
  shownDialog().find(".modal-footer button").filter((_index, button) => $(button).text() === label).trigger("click")
}
