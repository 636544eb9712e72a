/** `base/js/mathjaxutils`: formulas in Markdown, and the MathJax that sets them. */
import { installHub, typesetMath } from "../../../view/math"
import { removeMath, replaceMath } from "../../../view/markdown_math"
import { set_with } from "./utils/typeset"

/** Make `MathJax.Hub` answer. MathJax itself is loaded with the first formula. */
export function init(): void {
  installHub()
  set_with(typesetMath)
}

/** Replace formulas by `@@n@@` → the remaining text, and the formulas. */
export function remove_math(text: string): [string, string[]] {
  return removeMath(text)
}

/** Put formulas that `remove_math` took out back into the HTML, escaped. */
export function replace_math(html: string, math: readonly string[]): string {
  return replaceMath(html, math)
}
