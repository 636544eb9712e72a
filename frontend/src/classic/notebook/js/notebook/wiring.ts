/** What the notebook does when others report something. Everything goes through its methods, looked up when it happens. */
import $ from "jquery"
import * as utils from "../../../base/js/utils"
import type { Cell } from "../cell"
import type { CodeCell } from "../codecell"
import type { ModeSpec, Notebook } from "../notebook"
import type { QueueState } from "../../../../model/queue"
import type { Session } from "../../../services/sessions/session"
import type { KernelSpecModel } from "../../../../model/kernelchoice"

interface NextInput {
  cell: CodeCell
  text: string
  replace?: boolean
  clear_output?: boolean
}

interface LanguageInfo {
  name: string
  codemirror_mode?: ModeSpec
  pygments_lexer?: string
  [key: string]: unknown
}

/** Bind the notebook to the page's events. */
export function listenToEvents(notebook: Notebook): void {
  listenToCells(notebook)
  listenToKernel(notebook)
  listenToPage(notebook)
}

function listenToCells(notebook: Notebook): void {
  const { events } = notebook
  events.on("set_next_input.Notebook", (_event: unknown, next: NextInput) => setNextInput(notebook, next))
  events.on("unrecognized_cell.Cell unrecognized_output.OutputArea", () => notebook.warn_nbformat_minor())
  events.on("set_dirty.Notebook", (_event: unknown, change: { value: boolean }) => {
    if (change.value) notebook._changes += 1 // cells and extensions trigger it without `set_dirty`
    notebook.dirty = change.value
  })
  events.on("trust_changed.Notebook", (_event: unknown, trusted: boolean) => {
    notebook.trusted = trusted
  })
  events.on("select.Cell", (_event: unknown, choice: { cell: Cell; extendSelection?: boolean }) => {
    const index = notebook.find_cell_index(choice.cell)
    if (index !== null) notebook.select(index, !choice.extendSelection)
  })
  events.on("selected_cell_type_changed.Notebook edit_mode.Cell command_mode.Cell", () => notebook._follow_insert_image())
  /* A long notebook renders thousands of cells while it opens, and looking for the selected one walks all of them. */
  events.on("rendered.MarkdownCell", (_event: unknown, rendered: { cell: Cell }) => {
    if (rendered.cell.selected) notebook._follow_insert_image()
  })
  events.on("edit_mode.Cell", (_event: unknown, change: { cell: Cell }) => notebook.handle_edit_mode(change.cell))
  events.on("command_mode.Cell", (_event: unknown, change: { cell: Cell }) => notebook.handle_command_mode(change.cell))
}

/** A kernel proposes what to type next: `%load`, `%recall`, `?` with a replacement. */
function setNextInput(notebook: Notebook, next: NextInput): void {
  if (next.replace) {
    next.cell.set_text(next.text)
    if (next.clear_output !== false) next.cell.clear_output()
  } else {
    const index = notebook.find_cell_index(next.cell)
    notebook.insert_cell_below("code", index)?.set_text(next.text)
  }
  notebook.set_dirty(true)
}

function listenToKernel(notebook: Notebook): void {
  const { events } = notebook
  events.on("spec_changed.Kernel", (_event: unknown, kernelspec: KernelSpecModel) => rememberSpec(notebook, kernelspec))
  events.on("spec_not_found.Kernel", () => {
    notebook._is_kernel_chosen_by_opening = false
  })
  events.on("kernel_ready.Kernel", (_event: unknown, ready: { kernel: { info_reply?: { language_info?: LanguageInfo } } }) => {
    notebook.kernel_busy = false
    const language = ready.kernel.info_reply?.language_info
    if (language?.name) rememberLanguage(notebook, language)
  })
  events.on("kernel_created.Kernel kernel_created.Session", () => {
    notebook._kernel_is_gone = false
  })
  events.on("kernel_created.Session", (_event: unknown, created: { session: Session }) => notebook._catch_up_with(created.session))
  events.on("execution_queue.Kernel", (_event: unknown, told: { kernel: unknown; queue: QueueState }) => {
    if (told.kernel === notebook.session?.kernel) notebook._show_queue(told.queue)
  })
  events.on("kernel_connected.Kernel", () => notebook._tell_document(false))
  events.on("notebook_saved.Notebook", () => notebook._tell_document(true))
  events.on("kernel_idle.Kernel", () => {
    notebook.kernel_busy = false
  })
  events.on("kernel_busy.Kernel", () => {
    notebook.kernel_busy = true
  })
  events.on("kernel_restarting.Kernel kernel_autorestarting.Kernel", () => {
    notebook.kernel_busy = false
    notebook._forget_pending_executions()
  })
  events.on("kernel_dead.Kernel kernel_killed.Kernel kernel_killed.Session", () => {
    notebook.kernel_busy = false
    notebook._kernel_is_gone = true
    notebook._forget_pending_executions()
  })
}

function rememberSpec(notebook: Notebook, kernelspec: KernelSpecModel): void {
  const { display_name, language } = kernelspec.spec
  const known = notebook.metadata["kernelspec"] as Record<string, unknown> | undefined
  notebook.metadata["kernelspec"] = { name: kernelspec.name, display_name, language }
  notebook._kernel_words.tell("kernelspec", notebook.metadata["kernelspec"])
  /* What opening it chose, or another display name of the same kernel, is no change of the user's. */
  if (known?.["name"] !== kernelspec.name && !notebook._is_kernel_chosen_by_opening) notebook.set_dirty(true)
  notebook._is_kernel_chosen_by_opening = false
}

function rememberLanguage(notebook: Notebook, language: LanguageInfo): void {
  notebook.metadata["language_info"] = language
  notebook._kernel_words.tell("language_info", language)
  notebook.set_codemirror_mode(language.codemirror_mode ?? language.name)
}

function listenToPage(notebook: Notebook): void {
  window.addEventListener("focus", (event) => {
    if (event.target !== window) return // one that a script sent to an element and that bubbles
    if (notebook._fully_loaded && !notebook._saving) void notebook._follow_session()
  })
  /* A file dropped beside an editor would take the notebook's place in the window. */
  $(document).on("dragover drop", (event) => {
    if (utils.dnd_contain_file(event.originalEvent as DragEvent) && !event.isDefaultPrevented()) event.preventDefault()
  })
  window.addEventListener("beforeunload", (event) => {
    const question = notebook._before_unload()
    if (question === undefined) return
    event.preventDefault()
    event.returnValue = question // Chromium before 119 wants it besides
  })
  window.addEventListener("pagehide", () => notebook._page_left())
  window.addEventListener("beforeprint", () => notebook._draw_everything())
  const resize = (duration_ms: number, occupied_px: number): void => {
    const header_px = $("#header:visible").outerHeight() ?? 0
    $("#site").animate({ height: ($(window).height() ?? 0) - header_px - occupied_px }, duration_ms)
  }
  $("div#pager")
    .on("collapse_pager", (_event, extra?: { duration?: number }) => resize(extra?.duration ?? 0, 0))
    .on("expand_pager", (_event, extra?: { duration?: number }) => resize(extra?.duration ?? 0, $("div#pager").outerHeight() ?? 0))
}
