/** A CodeMirror editor that comes to be when it is looked at, asked for, or edited; static text until then. */

import CodeMirror from "codemirror"
import "codemirror/addon/comment/comment"
import "codemirror/addon/display/placeholder"
import "codemirror/addon/edit/closebrackets"
import "codemirror/addon/edit/matchbrackets"
import type { ModeSpec } from "./highlight"
import { foldedDocument, followLines, hasLongLine } from "./long_lines"
import { followLength, showLength } from "./long_text"
import { whenNearAndCalm, whenNearOrNow } from "./nearby"
import { SteadyBox } from "./steady_box"
import { steadyInputs } from "./steady_input"
import { StaticCode } from "./static_code"

export type Editor = CodeMirror.Editor
export type EditorOptions = Record<string, unknown>

/** Editors are dear, and look like what stands in for them: only those that are seen, or nearly, are made unasked. */
const EDITOR_SCREENS = 0.25

export interface LazyEditorDelegate {
  /** The editor exists from now on and holds the text; nothing of it has been shown to anybody before. */
  editorCreated(editor: Editor): void
}

export class LazyEditor {
  private made: Editor | null = null
  private text = ""
  private readonly still: StaticCode
  private stopWaiting: (() => void)[] = []

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
    this.stopWaiting = [
      whenNearOrNow(this.place, () => this.still.highlightSoon()),
      whenNearAndCalm(this.place, () => this.create(), EDITOR_SCREENS),
    ]
  }

  /** Forget the place and the observer; the text and the editor, where there is one, stay usable. */
  stop(): void {
    for (const stop of this.stopWaiting.splice(0)) stop()
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
    steadyInputs()
    showLength(this.place, this.text.split("\n").length)
    const value = hasLongLine(this.text) ? foldedDocument(this.text, this.options["mode"]) : this.text
    const made = CodeMirror((element) => this.place.append(element), { ...this.options, value } as CodeMirror.EditorConfiguration)
    this.made = made
    made.clearHistory()
    followLength(this.place, made)
    followLines(made)
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
