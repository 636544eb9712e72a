/** One step of a tour: a card beside the thing it tells of, and a ring around that thing. Decides nothing. */

import { keyAlongLine } from "../i18n/direction"
import { _ } from "../i18n/words"

export interface TourCardDelegate {
  nextChosen(): void
  previousChosen(): void
  pauseChosen(): void
  endChosen(): void
}

export interface TourCardContent {
  title: string
  text: string
  /** What the step tells of; none for a step about the whole. */
  target: Element | null
  /** Beside the target; else below it. */
  side?: "right" | undefined
  /** From 1. */
  number: number
  count: number
}

const GAP_PX = 12
const MARGIN_PX = 8

function button(role: string, label: string): HTMLButtonElement {
  const made = document.createElement("button")
  made.type = "button"
  made.className = "btn btn-sm btn-default"
  made.dataset["role"] = role
  made.textContent = label
  return made
}

export class TourCard {
  readonly element = document.createElement("div")
  private readonly ring = document.createElement("div")
  private readonly title = document.createElement("h3")
  private readonly text = document.createElement("div")
  private readonly count = document.createElement("span")
  private readonly previous = button("prev", _("« Prev"))
  private readonly next = button("next", _("Next »"))
  private readonly pause = button("pause-resume", _("Pause"))
  private readonly end = button("end", _("End tour"))
  private target: Element | null = null
  private side: "right" | undefined
  private readonly onClick = (event: Event): void => this.clicked(event.target as Element)
  private readonly onKeydown = (event: KeyboardEvent): void => this.keydown(event)
  private readonly onMove = (): void => this.place()

  constructor(private readonly delegate: TourCardDelegate) {
    this.element.className = "popover tour"
    this.element.setAttribute("role", "dialog")
    this.element.setAttribute("aria-labelledby", "tour-title")
    this.element.setAttribute("aria-describedby", "tour-text")
    this.element.tabIndex = -1
    this.title.id = "tour-title"
    this.title.setAttribute("aria-level", "2")
    this.title.className = "popover-title"
    this.text.id = "tour-text"
    this.text.className = "popover-content"
    this.count.className = "tour-count"
    this.ring.className = "tour-ring"
    const buttons = document.createElement("div")
    buttons.className = "popover-navigation"
    buttons.append(this.previous, this.next, this.pause, this.count, this.end)
    this.element.append(this.title, this.text, buttons)
  }

  start(): void {
    document.body.append(this.ring, this.element)
    this.element.addEventListener("click", this.onClick)
    this.element.addEventListener("keydown", this.onKeydown)
    window.addEventListener("resize", this.onMove)
    document.addEventListener("scroll", this.onMove, true)
  }

  stop(): void {
    this.element.removeEventListener("click", this.onClick)
    this.element.removeEventListener("keydown", this.onKeydown)
    window.removeEventListener("resize", this.onMove)
    document.removeEventListener("scroll", this.onMove, true)
    this.element.remove()
    this.ring.remove()
  }

  render(content: TourCardContent): void {
    this.title.textContent = content.title
    this.text.textContent = content.text
    this.count.textContent = _("%1$s of %2$s", content.number, content.count)
    this.previous.disabled = content.number === 1
    this.next.disabled = content.number === content.count
    this.target = content.target
    this.side = content.side
    content.target?.scrollIntoView({ block: "nearest" })
    this.place()
  }

  /** What the button of pausing says. */
  showPaused(isPaused: boolean): void {
    this.pause.textContent = isPaused ? _("Resume") : _("Pause")
  }

  focus(): void {
    this.element.focus({ preventScroll: true })
  }

  private clicked(target: Element): void {
    const role = target.closest<HTMLElement>("[data-role]")?.dataset["role"]
    if (role === "next") this.delegate.nextChosen()
    else if (role === "prev") this.delegate.previousChosen()
    else if (role === "pause-resume") this.delegate.pauseChosen()
    else if (role === "end") this.delegate.endChosen()
  }

  private keydown(event: KeyboardEvent): void {
    const key = keyAlongLine(event.key)
    if (key === "ArrowRight") this.delegate.nextChosen()
    else if (key === "ArrowLeft") this.delegate.previousChosen()
    else if (event.key === "Escape") this.delegate.endChosen()
    else if (event.key !== "Tab") return event.stopPropagation() // a letter on the card is no notebook command
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  /* Below the target where there is room, else above it, else in the middle. */
  private place(): void {
    const box = this.target?.getBoundingClientRect()
    const isSeen = box !== undefined && box.width > 0 && box.height > 0
    this.ring.hidden = !isSeen
    const { offsetWidth: width, offsetHeight: height } = this.element
    const { innerWidth, innerHeight } = window
    let left = (innerWidth - width) / 2
    let top = (innerHeight - height) / 2
    if (isSeen) {
      Object.assign(this.ring.style, { left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height}px` })
      const isBeside = this.side === "right" && box.right + GAP_PX + width <= innerWidth
      const isRoomBelow = box.bottom + GAP_PX + height <= innerHeight
      left = isBeside ? box.right + GAP_PX : box.left + (box.width - width) / 2
      top = isBeside ? box.top : isRoomBelow ? box.bottom + GAP_PX : Math.max(MARGIN_PX, box.top - GAP_PX - height)
    }
    left = Math.max(MARGIN_PX, Math.min(left, innerWidth - width - MARGIN_PX))
    Object.assign(this.element.style, { left: `${left}px`, top: `${top}px` })
  }
}
