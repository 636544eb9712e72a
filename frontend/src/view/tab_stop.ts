/** Backspace in an indentation goes back to the tab stop; anywhere else it deletes one character, or what is selected. */
import CodeMirror from "codemirror"

function deleteToTabStop(editor: CodeMirror.Editor): void {
  const unit = editor.getOption("indentUnit") ?? 4
  for (const range of editor.listSelections().reverse()) {
    const { line, ch } = range.head
    const before = (editor.getLine(line) ?? "").slice(0, ch)
    const isIndent = range.empty() && ch > 0 && /^ +$/.test(before)
    const width = isIndent ? ch - Math.floor((ch - 1) / unit) * unit : 0
    if (width > 0) editor.replaceRange("", { line, ch: ch - width }, { line, ch }, "+delete")
    else if (!range.empty()) editor.replaceRange("", range.from(), range.to(), "+delete")
    else editor.replaceRange("", editor.findPosH(range.head, -1, "char", false), range.head, "+delete")
  }
}

/** Make the editor command `delSpaceToPrevTabStop`, where nobody else has made one. */
export function defineTabStopCommand(): void {
  const commands = CodeMirror.commands as unknown as Record<string, (editor: CodeMirror.Editor) => void>
  commands["delSpaceToPrevTabStop"] ??= deleteToTabStop
}
