/** Setting formulas of the page anew, so that their numbers run through it. Knows MathJax 4's list of formulas. */

/** A formula as MathJax keeps it. */
interface MathItem {
  typesetRoot: Element | null
}

interface MathList extends Iterable<MathItem> {
  remove(...items: MathItem[]): void
  sort(isBefore: (a: MathItem, b: MathItem) => boolean): unknown
}

export interface MathDocument {
  math: MathList
  rerenderPromise(from: number): Promise<unknown>
}

/** From reading the TeX on; MathJax numbers its steps. */
const COMPILED = 20

const isBefore = (a: MathItem, b: MathItem): boolean => {
  return a.typesetRoot !== null && b.typesetRoot !== null && (a.typesetRoot.compareDocumentPosition(b.typesetRoot) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0
}

/** Read and set every formula of the page again, in the page's order. Formulas that left the page are forgotten. */
export async function reprocess(formulas: MathDocument): Promise<void> {
  formulas.math.remove(...[...formulas.math].filter((item) => item.typesetRoot?.isConnected === false))
  formulas.math.sort(isBefore)
  await formulas.rerenderPromise(COMPILED)
}
