/** An editor mode for cells whose first line is a cell magic: that line is marked, the rest is in the magic's language. */

import CodeMirror from "codemirror"
import type { ModeSpec } from "./highlight"

interface MagicState {
  isFirst: boolean
  inner: unknown
}

/* In the library, but not in its type declarations. */
const copyState = (mode: CodeMirror.Mode<unknown>, state: unknown): unknown =>
  (CodeMirror as unknown as { copyState(mode: unknown, state: unknown): unknown }).copyState(mode, state)

/** Define the mode `magic_<name>` over `spec` and return its name. Defining it again replaces it. */
export function defineMagicMode(name: string, spec: ModeSpec): string {
  const magicName = `magic_${name}`
  CodeMirror.defineMode(magicName, (config): CodeMirror.Mode<MagicState> => {
    const inner = CodeMirror.getMode(config, spec ?? "null") as CodeMirror.Mode<unknown>
    return {
      startState: () => ({ isFirst: true, inner: CodeMirror.startState(inner) as unknown }),
      copyState: (state) => ({ isFirst: state.isFirst, inner: copyState(inner, state.inner) }),
      token(stream, state) {
        if (!state.isFirst) return inner.token(stream, state.inner)
        stream.skipToEnd()
        state.isFirst = false
        return "meta"
      },
      blankLine(state) {
        if (!state.isFirst) inner.blankLine?.(state.inner)
      },
      indent: (state, after, line) => inner.indent?.(state.inner, after, line) ?? 0,
      innerMode: (state: MagicState) => ({ state: state.inner, mode: inner }),
    } as CodeMirror.Mode<MagicState>
  })
  return magicName
}
