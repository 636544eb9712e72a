/**
 * Keeps what happens inside an editor from moving the page, as long as its height stays.
 *
 * An editor measures itself several times per key. Each time the browser would lay out all cells below as well, unless it
 * knows that the editor's box keeps its size: so the box of the focused editor has an explicit height, which follows the text.
 */

import type CodeMirror from "codemirror"

export class SteadyBox {
  private readonly box: HTMLElement
  private readonly text: HTMLElement | null
  private readonly observer: ResizeObserver | null
  /** Height of the box without the text, in pixels. */
  private frame_px = 0
  private height = ""
  private readonly onFocus = (): void => this.hold()
  private readonly onBlur = (): void => this.release()

  constructor(private readonly editor: CodeMirror.Editor) {
    this.box = editor.getWrapperElement()
    this.text = this.box.querySelector<HTMLElement>(".CodeMirror-sizer")
    this.observer = typeof ResizeObserver === "function" ? new ResizeObserver(() => this.follow()) : null
  }

  /** Ends with the editor: nothing outside of it is listened to. */
  start(): void {
    this.editor.on("focus", this.onFocus)
    this.editor.on("blur", this.onBlur)
  }

  private textHeight_px(): number {
    return this.text?.getBoundingClientRect().height ?? 0
  }

  private hold(): void {
    // Somebody gave the editor a height of their own: theirs it is.
    if (!this.text || !this.observer || this.box.style.height !== "") return
    const height_px = this.box.getBoundingClientRect().height
    if (height_px === 0) return // not in the page, or hidden
    this.frame_px = height_px - this.textHeight_px()
    this.setHeight(height_px)
    this.box.style.contain = "size layout"
    this.observer.observe(this.text, { box: "border-box" })
  }

  private follow(): void {
    if (this.height === "") return
    if (this.box.style.height !== this.height) this.release()
    else this.setHeight(this.frame_px + this.textHeight_px())
  }

  private setHeight(height_px: number): void {
    this.height = `${height_px}px`
    this.box.style.height = this.height
    this.height = this.box.style.height // as the browser writes it
  }

  private release(): void {
    this.observer?.disconnect()
    if (this.height !== "" && this.box.style.height === this.height) this.box.style.height = ""
    this.box.style.contain = ""
    this.height = ""
  }
}
