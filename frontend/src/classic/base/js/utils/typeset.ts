/** Formulas of an element, set by the page's MathJax, which is loaded when the first formula appears. */
import $ from "jquery"

type SetsMath = typeof import("../../../../view/math")

let math: Promise<Pick<SetsMath, "typesetMath">> | undefined

/** A page that has formulas anyway says what sets them: it is then not asked for. */
export function set_with(typesetMath: SetsMath["typesetMath"]): void {
  math = Promise.resolve({ typesetMath })
}

/** Put `text` into the element, where given, and typeset its formulas. */
export function typeset(element: JQuery | HTMLElement, text?: string): void {
  const target = $(element as HTMLElement)
  if (text !== undefined) target.text(text)
  /* The dashboard has these utilities too, and no formulas. */
  math ??= import("../../../../view/math")
  void math.then(({ typesetMath }) => target.each((_index, node) => void typesetMath(node)))
}
