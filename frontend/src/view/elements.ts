/** Elements made by the browser's own means: jQuery takes several times as long, and a long notebook has tens of thousands. */

type Attributes = Readonly<Record<string, string>>

/** An element with these classes, attributes and children. */
export function make(tag: string, classes: string, attributes: Attributes = {}, children: readonly Node[] = []): HTMLElement {
  const element = document.createElement(tag)
  if (classes !== "") element.className = classes
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  if (children.length > 0) element.append(...children)
  return element
}
