/** CodeMirror modes by name, and cursor positions as plain numbers. */

interface Position {
  line: number
  ch: number
}

interface Editor {
  getValue(): string
  posFromIndex(index: number): Position
  indexFromPos(position: Position): number
}

interface ModeInfo {
  mode: string
  mime?: string
}

interface CodeMirrorWithMeta {
  modes: Record<string, unknown>
  findModeByName(name: string): ModeInfo | undefined
  findModeByExtension(extension: string): ModeInfo | undefined
  findModeByMIME(mime: string): ModeInfo | undefined
}

type ModeSpec = string | { name: string }

/* Notebooks name their mode. With dots and slashes a name would lead the module loader to any script of this server. */
const MODE_FILE = /^[\w+-]+$/

/* Whether the page has a mode of this very name already. */
function is_defined(name: string): boolean {
  const library = "codemirror/lib/codemirror"
  return window.requirejs.defined(library) && Object.hasOwn((window.requirejs(library) as unknown as CodeMirrorWithMeta).modes, name)
}

/** Load the mode called `mode` (name, extension or MIME type) and call back with what CodeMirror takes as `mode`. */
export function requireCodeMirrorMode(
  mode: ModeSpec,
  callback: (spec: ModeSpec) => void,
  errback: (error: Error) => void = () => undefined,
): void {
  const name = typeof mode === "string" ? mode : mode.name
  // At once, for extensions that look at the editors' mode as soon as the notebook is there.
  if (is_defined(name)) return callback(mode)
  window.requirejs(
    ["codemirror/lib/codemirror", "codemirror/mode/meta"],
    (CodeMirror: CodeMirrorWithMeta) => {
      const known = CodeMirror.findModeByName(name) ?? CodeMirror.findModeByExtension(name) ?? CodeMirror.findModeByMIME(name)
      const file = known?.mode ?? name
      const spec = typeof mode === "string" && known?.mime ? known.mime : mode
      /* A mode that the page or an extension defined itself has no file. */
      if (file === "null" || Object.hasOwn(CodeMirror.modes, file)) callback(spec)
      else if (!MODE_FILE.test(file)) errback(new RangeError(`${JSON.stringify(file)} is not the name of a CodeMirror mode`))
      else window.requirejs([`codemirror/mode/${file}/${file}`], () => callback(spec), errback)
    },
    errback,
  )
}

/** Position of the cursor as an index into the editor's text. */
export function to_absolute_cursor_pos(editor: Editor, cursor: Position): number {
  return editor.indexFromPos(cursor)
}

/** The reverse. */
export function from_absolute_cursor_pos(editor: Editor, index: number): Position {
  return editor.posFromIndex(index)
}
