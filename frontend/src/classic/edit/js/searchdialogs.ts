/** CodeMirror's dialogs for searching, with names for screen readers: those of the addon have words only beside the field. */
import CodeMirror from "codemirror"
import "codemirror/addon/dialog/dialog"
import { _ } from "../../../i18n/words"

type OpenDialog = CodeMirror.Editor["openDialog"]

/** Give each field without a label the words that stand before it. */
export function nameFields(template: unknown): void {
  if (!(template instanceof Node)) return
  const words = (template as ParentNode).querySelector(".CodeMirror-search-label")
  for (const field of (template as ParentNode).querySelectorAll("input:not([id])")) {
    field.setAttribute("aria-label", (words?.textContent ?? "").replace(/:\s*$/, "") || _("Search"))
  }
}

const openDialog = (CodeMirror.prototype as { openDialog: OpenDialog }).openDialog

CodeMirror.defineExtension("openDialog", function (this: CodeMirror.Editor, ...args: Parameters<OpenDialog>) {
  nameFields(args[0])
  return openDialog.apply(this, args)
} as OpenDialog)
