/** The editor of a cell: made when it is first needed; what it does is told to the page. */
import type CodeMirror from "codemirror"
import { calm } from "../../../../view/calm"
import { LazyEditor } from "../../../../view/lazy_editor"
import type { Cell } from "../cell"

/* Whether the user holds the key of an input method; those keys are the browser's. */
const is_composing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229

export const cellEditor = {
  /** Whether there is an editor already. */
  has_editor(this: Cell): boolean {
    return this._lazy_editor?.exists ?? false
  },

  /** Set a CodeMirror option for the editor that is, or for the one that will be. */
  set_editor_option(this: Cell, name: string, value: unknown): void {
    this._options.cm_config[name] = value
    this._lazy_editor?.setOption(name, value)
  },

  /* Subclasses call this where the editor's place is. */
  _create_editor(this: Cell, place: JQuery): void {
    /* Tab goes from cell to cell and on to what stands in them; Enter edits. In an editor Tab would be stuck: there it indents. */
    const options = { tabindex: -1, ...this._options.cm_config, screenReaderLabel: place.attr("aria-label") }
    this._lazy_editor = new LazyEditor(place[0] as HTMLElement, options, {
      editorCreated: (editor) => this._bind_editor(editor),
    })
    this._lazy_editor.start()
  },

  _bind_editor(this: Cell, editor: CodeMirror.Editor): void {
    editor.on("keydown", (cm, event) => {
      if (!is_composing(event) && this.handle_keyevent(cm, event)) (event as { codemirrorIgnore?: boolean }).codemirrorIgnore = true
    })
    editor.on("change", (_cm, change) => {
      this.events.trigger("set_dirty.Notebook", { value: true })
      this.events.trigger("change.Cell", { cell: this, change })
    })
    editor.on("focus", () => {
      if (!this.is_editable()) editor.setOption("readOnly", true)
      this.events.trigger("edit_mode.Cell", { cell: this })
    })
    editor.on("blur", () => {
      if (!this._lends_focus()) this.events.trigger("command_mode.Cell", { cell: this })
    })
  },

  /** Whether what has the focus now belongs to the editor, so that the cell stays in edit mode. */
  _lends_focus(this: Cell): boolean {
    return false
  },

  /** Let the editor measure itself anew; one that does not exist measures itself when it is made. */
  refresh(this: Cell): void {
    if (this.has_editor()) this.code_mirror.refresh()
  },

  /*
   * Measuring lays the page out several times: neither what the key shows nor what the kernel answers waits for it. Who comes to
   * a cell by pointing or by Enter measures it anyway.
   */
  _refresh_in_calm(this: Cell): void {
    if (this.has_editor()) void calm().then(() => this.selected && this.refresh())
  },

  show_line_numbers(this: Cell, value: boolean): void {
    this.set_editor_option("lineNumbers", value)
  },

  toggle_line_numbers(this: Cell): void {
    this.show_line_numbers(this._options.cm_config["lineNumbers"] !== true)
  },
}
