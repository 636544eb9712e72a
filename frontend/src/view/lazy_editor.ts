/** A CodeMirror editor that comes to be when it is looked at, asked for, or edited; static text until then. */

import CodeMirror from "codemirror"
import "codemirror/addon/comment/comment"
import "codemirror/addon/display/placeholder"
import "codemirror/addon/edit/closebrackets"
import "codemirror/addon/edit/matchbrackets"
import type { ModeSpec } from "./highlight"
import { followLength, showLength } from "./long_text"
import { whenNearAndCalm } from "./nearby"
import { SteadyBox } from "./steady_box"
import { StaticCode } from "./static_code"

export type Editor = CodeMirror.Editor
export type EditorOptions = Record<string, unknown>

export interface LazyEditorDelegate {
  /** The editor exists from now on and holds the text; nothing of it has been shown to anybody before. */
  editorCreated(editor: Editor): void
}

export class LazyEditor {
  private made: Editor | null = null
  private text = ""
  private readonly still: StaticCode
  private stopWaiting: () => void = () => undefined

  /** `options` stays the caller's object: it is read when the editor is made, and kept up to date. */
  constructor(
    private readonly place: HTMLElement,
    private readonly options: EditorOptions,
    private readonly delegate: LazyEditorDelegate,
  ) {
    this.still = new StaticCode({ editWanted: (x, y) => this.editAt(x, y) })
  }

  start(): void {
    this.place.append(this.still.element)
    this.still.start()
    this.drawStill()
    this.stopWaiting = whenNearAndCalm(this.place, () => this.create())
  }

  /** Forget the place and the observer; the text and the editor, where there is one, stay usable. */
  stop(): void {
    this.stopWaiting()
    this.still.stop()
  }

  get exists(): boolean {
    return this.made !== null
  }

  /** The editor; made now when there was none. */
  get editor(): Editor {
    return this.made ?? this.create()
  }

  getText(): string {
    return this.made ? this.made.getValue() : this.text
  }

  setText(text: string): void {
    if (this.made) {
      this.made.setValue(text)
      return
    }
    this.text = text.replace(/\r\n?/g, "\n")
    this.drawStill()
  }

  setOption(name: string, value: unknown): void {
    this.options[name] = value
    if (this.made) this.made.setOption(name as "mode", value as string)
    else if (name === "mode" || name === "lineWrapping") this.drawStill()
  }

  getOption(name: string): unknown {
    return this.made ? this.made.getOption(name as "mode") : this.options[name]
  }

  private drawStill(): void {
    this.still.render(this.text, this.options["mode"] as ModeSpec, this.options["lineWrapping"] === true)
  }

  private create(): Editor {
    this.stop()
    showLength(this.place, this.text.split("\n").length)
    const made = CodeMirror((element) => this.place.append(element), { ...this.options, value: this.text } as CodeMirror.EditorConfiguration)
    this.made = made
    made.clearHistory()
    followLength(this.place, made)
    new SteadyBox(made).start()
    this.delegate.editorCreated(made)
    return made
  }

  private editAt(x: number, y: number): void {
    const editor = this.editor
    editor.focus()
    editor.setCursor(editor.coordsChar({ left: x, top: y }, "window"))
  }
}
