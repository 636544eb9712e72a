/** The dialog that edits metadata as JSON. */
import $ from "jquery"
import { modal, type DialogOptions } from "./modal"
import { _ } from "../../../../i18n/words"

export interface EditMetadataOptions extends Pick<DialogOptions, "notebook" | "keyboard_manager"> {
  md: object
  callback: (metadata: Record<string, unknown>) => void
  name: string
  edit_metadata_button?: JQuery
}

interface JsonEditor {
  getValue(): string
  focus(): void
}

const INTRODUCTION =
  _("Custom metadata that other programs may read. Its top level is a JSON object; keep to names of your own so that " +
  "others' settings are not lost.")

const INVALID = _("WARNING: Could not save invalid JSON.")

async function editorIn(textarea: HTMLTextAreaElement): Promise<JsonEditor> {
  const { default: CodeMirror } = await import("codemirror") // pages without an editor do not carry one
  await import("codemirror/mode/javascript/javascript.js")
  const editor = CodeMirror.fromTextArea(textarea, {
    lineNumbers: true,
    mode: "application/json",
    theme: "ipython",
    indentUnit: 2,
    extraKeys: { Tab: false, "Shift-Tab": false }, // the keyboard can leave the editor
  })
  editor.getInputField().setAttribute("aria-label", textarea.ariaLabel ?? "")
  return editor
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/* Extensions may have names of their own for what they edit. */
function titleFor(name: string): string {
  if (name === "Cell") return _("Edit Cell Metadata")
  return name === "Notebook" ? _("Edit Notebook Metadata") : _("Edit %s Metadata", name)
}

/** Let the user edit `md`; `callback` gets the new object. Text that is no JSON object keeps the dialog open. */
export function edit_metadata(options: EditMetadataOptions): JQuery<HTMLElement> {
  const textarea = document.createElement("textarea")
  Object.assign(textarea, { rows: 13, cols: 80, value: JSON.stringify(options.md, null, 2), ariaLabel: _("Metadata as JSON") })
  textarea.name = "metadata"
  textarea.className = "form-control"
  const $error = $("<span class='text-danger' role='alert'></span>")
  let read = (): string => textarea.value
  const apply = (): boolean => {
    const metadata = parseObject(read())
    if (metadata === null) $error.text(INVALID)
    else options.callback(metadata)
    return metadata !== null
  }
  const $modal = modal({
    title: titleFor(options.name),
    body: $("<div></div>").append($("<p></p>").text(INTRODUCTION), $error, $("<form></form>").append(textarea)),
    default_button: "Cancel",
    buttons: { Cancel: {}, Edit: { class: "btn-primary", click: apply } },
    notebook: options.notebook,
    keyboard_manager: options.keyboard_manager,
    open: () => {
      void editorIn(textarea).then((editor) => (read = () => editor.getValue()))
    },
  })
  $modal.on("hidden.bs.modal", () => void options.edit_metadata_button?.trigger("focus"))
  return $modal
}
