/** `notebook/js/celltoolbarpresets/example`: how an extension offers a preset of its own. Not offered unless `register` is called. */
import { CellToolbar } from "../celltoolbar"
import type { Notebook } from "../notebook"

/** Offer the preset "Example": a checkbox and a text field that are kept in `metadata.example`. */
export function register(notebook: Notebook): void {
  const part = (metadata: Record<string, unknown>): Record<string, unknown> => {
    const kept = metadata["example"]
    return typeof kept === "object" && kept !== null ? (kept as Record<string, unknown>) : (metadata["example"] = {}) as Record<string, unknown>
  }
  const { checkbox_ui_generator, input_ui_generator } = CellToolbar.utils
  CellToolbar.register_callback("example.checked", checkbox_ui_generator("Checked", (cell, value) => {
    part(cell.metadata)["checked"] = value
    notebook.set_dirty(true)
  }, (cell) => (cell.metadata["example"] as { checked?: boolean } | undefined)?.checked === true))
  CellToolbar.register_callback("example.note", input_ui_generator("Note", (cell, value) => {
    part(cell.metadata)["note"] = value
    notebook.set_dirty(true)
  }, (cell) => (cell.metadata["example"] as { note?: string } | undefined)?.note))
  CellToolbar.register_preset("Example", ["example.checked", "example.note"], notebook)
}
