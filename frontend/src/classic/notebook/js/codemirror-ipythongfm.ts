/** `notebook/js/codemirror-ipythongfm`: the editor mode `ipythongfm`: GitHub's Markdown with TeX formulas in it. */
import CodeMirror from "codemirror"
import "codemirror/addon/mode/multiplex"
import "codemirror/addon/mode/overlay"
import "codemirror/mode/gfm/gfm"
import "codemirror/mode/stex/stex"

/* The Markdown mode has patterns whose time grows with the square of a line's length. */
const MAX_LINE_CHARS = 5_000

interface Multiplexer {
  multiplexingMode(outer: CodeMirror.Mode<unknown>, ...inner: object[]): CodeMirror.Mode<unknown>
}

/* The mode, but a line of unusual length is passed over. */
function with_line_limit(mode: CodeMirror.Mode<unknown>): CodeMirror.Mode<unknown> {
  const limited = Object.create(mode) as CodeMirror.Mode<unknown>
  limited.token = (stream, state) => {
    if (stream.string.length <= MAX_LINE_CHARS) return mode.token(stream, state)
    stream.skipToEnd()
    return null
  }
  return limited
}

CodeMirror.defineMode("ipythongfm", (config, parser_config) => {
  const gfm = with_line_limit(CodeMirror.getMode(config, { ...(parser_config as object), name: "gfm" }))
  const tex = CodeMirror.getMode(config, "stex")
  const inside = (open: string | RegExp, close: string | RegExp): object => ({ open, close, mode: tex, delimStyle: "delimit" })
  return (CodeMirror as unknown as Multiplexer).multiplexingMode(
    gfm,
    inside("$$", "$$"),
    // An escaped dollar is a dollar.
    { open: "\\$", close: " ", mode: CodeMirror.getMode(config, "null"), parseDelimiters: true },
    inside("$", "$"),
    inside("\\\\(", "\\\\)"),
    inside("\\\\[", "\\\\]"),
  )
})

CodeMirror.defineMIME("text/x-ipythongfm", "ipythongfm")
