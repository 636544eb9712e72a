/** `notebook/js/tour`: shows a newcomer the parts of the page, one after the other. */
import $ from "jquery"
import type { EventBus } from "../../base/js/events"
import { TourCard } from "../../../view/tour_card"
import type { Notebook } from "./notebook"
import { STEPS, type TourStep } from "./tour/steps"

export class NotebookTour {
  notebook: Notebook
  events: EventBus
  steps: readonly TourStep[]
  step_number: number
  paused: boolean
  _card: TourCard | null
  _return_to: Element | null

  constructor(notebook: Notebook, events: EventBus) {
    this.notebook = notebook
    this.events = events
    this.steps = STEPS
    this.step_number = 0
    this.paused = false
    this._card = null
    this._return_to = null
  }

  /** Begin at the first step; a tour that is under way begins anew. */
  start(): void {
    if (this._card) this.end()
    this._return_to = document.activeElement
    this.paused = false
    this.notebook.keyboard_manager.disable()
    this._card = new TourCard({
      nextChosen: () => this.next(),
      previousChosen: () => this.prev(),
      pauseChosen: () => this.toggle_pause_play(),
      endChosen: () => this.end(),
    })
    this._card.start()
    this.show_step(0)
  }

  /** Leave, and give the notebook its keys back. */
  end(): void {
    if (!this._card) return
    this._leave_step()
    this._card.stop()
    this._card = null
    this.notebook.keyboard_manager.enable()
    this.notebook.command_mode()
    this.notebook.focus_cell()
  }

  next(): void {
    if (this.step_number < this.steps.length - 1) this.show_step(this.step_number + 1)
  }

  prev(): void {
    if (this.step_number > 0) this.show_step(this.step_number - 1)
  }

  show_step(number: number): void {
    const step = this.steps[number]
    if (!step || !this._card) return
    this._leave_step()
    this.step_number = number
    step.enter?.(this)
    const target = (step.target ?? []).map((selector) => $(selector)[0]).find((found) => found !== undefined) ?? null
    const { title, text, side } = step
    this._card.render({ title, text, target, side, number: number + 1, count: this.steps.length })
    if (!this.paused) this._card.focus()
  }

  _leave_step(): void {
    this.steps[this.step_number]?.leave?.(this)
  }

  /** Let the user try what is told, with the card still there; again to go on. */
  toggle_pause_play(): void {
    this.paused = !this.paused
    this._card?.showPaused(this.paused)
    if (this.paused) {
      this.notebook.keyboard_manager.enable()
      this.notebook.focus_cell()
    } else {
      this.notebook.keyboard_manager.disable()
      this._card?.focus()
    }
  }

  /** Show the page in edit mode. */
  edit_mode(): void {
    this.notebook.focus_cell()
    this.notebook.edit_mode()
  }

  /** Show the page in command mode. */
  command_mode(): void {
    this.notebook.command_mode()
  }

  /** Command mode's indicator is blank: lend it a glyph while it is told of. */
  command_icon_hack(): void {
    $("#modal_indicator").css("min-height", "18px")
  }
}

/** The documented name of the export. */
export { NotebookTour as Tour }
