/** The small line in a cell's corner: for how long it runs, when its turn comes, how long it took. Owns one element. */
import { durationText, type CellExecution } from "../model/queue"
import { _, pageLocale } from "../i18n/words"

export interface ExecutionStatusDelegate {
  /** The user does not want to wait for this one. */
  removeClicked(msg_id: string): void
}

/** A cell that is done sooner is not worth a line that comes and goes. */
const SHOWN_AFTER_MS = 400

export class ExecutionStatus {
  readonly element = document.createElement("div")
  private readonly text = document.createElement("span")
  private readonly button = document.createElement("button")
  private shown: CellExecution = { kind: "none" }

  private readonly onClick = (event: Event): void => {
    event.stopPropagation()
    if (this.shown.kind === "waiting") this.delegate.removeClicked(this.shown.msg_id)
  }
  /* The page's own keys would run or edit the cell. */
  private readonly onKeydown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" || event.key === " ") event.stopPropagation()
  }

  constructor(private readonly delegate: ExecutionStatusDelegate) {
    this.element.className = "execution_status"
    this.element.hidden = true
    this.button.type = "button"
    this.button.className = "execution_remove"
    this.button.textContent = "×"
    this.button.title = _("Take this cell out of the queue")
    this.button.setAttribute("aria-label", this.button.title)
    this.element.append(this.text, this.button)
  }

  start(): void {
    this.button.addEventListener("click", this.onClick)
    this.button.addEventListener("keydown", this.onKeydown)
  }

  stop(): void {
    this.button.removeEventListener("click", this.onClick)
    this.button.removeEventListener("keydown", this.onKeydown)
    this.element.remove()
  }

  render(execution: CellExecution, now_ms: number): void {
    this.shown = execution
    this.element.dataset["kind"] = execution.kind
    this.button.hidden = execution.kind !== "waiting"
    this.element.hidden = !isWorthALine(execution, now_ms)
    if (this.element.hidden) return
    const { text, title } = words(execution, now_ms)
    if (this.text.textContent !== text) this.text.textContent = text
    this.element.title = title
  }
}

function isWorthALine(execution: CellExecution, now_ms: number): boolean {
  if (execution.kind === "none") return false
  return execution.kind !== "running" || now_ms - execution.started_ms >= SHOWN_AFTER_MS
}

function words(execution: CellExecution, now_ms: number): { text: string; title: string } {
  switch (execution.kind) {
    case "running":
      return { text: _("Running %s", durationText(now_ms - execution.started_ms)), title: _("Since %s", clock(execution.started_ms)) }
    case "waiting":
      return { text: execution.place === 1 ? _("Next") : _("Waiting, number %s", execution.place), title: "" }
    case "finished":
      return { text: durationText(execution.took_ms, true), title: _("Ran for %1$s, until %2$s", durationText(execution.took_ms, true), clock(execution.ended_ms)) }
    case "skipped":
      return { text: execution.why, title: "" }
    default:
      return { text: "", title: "" }
  }
}

const clock = (at_ms: number): string => new Date(at_ms).toLocaleTimeString(pageLocale())
