/** The elements of the cells, in order, found once per change of the page and not once per question. */

/* Cells are the container's children, or lie in what an extension put around them; what lies inside a cell is none.
   A search through everything would walk all outputs, thousands of times while a long notebook opens. */
function cellsBelow(parent: Element): HTMLElement[] {
  const found: HTMLElement[] = []
  for (let child = parent.firstElementChild; child; child = child.nextElementSibling) {
    if (child.classList.contains("cell")) found.push(child as HTMLElement)
    else found.push(...cellsBelow(child))
  }
  return found
}

export class CellElements {
  private known: HTMLElement[] | null = null
  private readonly observer: MutationObserver

  constructor(private readonly container: Element) {
    this.observer = new MutationObserver(() => {
      this.known = null
    })
    this.observer.observe(container, { childList: true })
  }

  /** All cells, in order. Not to be changed, and not to be kept. */
  all(): readonly HTMLElement[] {
    /* The observer calls later; its records tell now. */
    if (this.observer.takeRecords().length > 0) this.known = null
    if (this.known) return this.known
    const found = cellsBelow(this.container)
    /* Only the container is watched: where something lies around the cells, they are looked for every time. */
    const is_flat = found.length === this.container.childElementCount && found.every((cell) => cell.parentElement === this.container)
    if (is_flat) this.known = found
    return found
  }

  /** `element` has just been put before the cell that was at `index`, and nothing else happened since `all` was asked. */
  inserted(element: HTMLElement, index: number): void {
    if (!this.known || element.parentElement !== this.container) return
    this.observer.takeRecords()
    this.known.splice(index, 0, element)
  }
}
