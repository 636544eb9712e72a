/** CodeMirror measures text; jsdom has no layout. */
export function pretendLayout(): void {
  const nothing = { left: 0, right: 0, top: 0, bottom: 0, width: 0, height: 0, x: 0, y: 0, toJSON: () => ({}) }
  Range.prototype.getBoundingClientRect = () => nothing
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList
}
