/** A bar with a line of text while something is on its way to the server. It takes no focus and stops nobody. */
import { isNews, percentOf, type Transfer } from "../model/transfer"

/** What is over sooner needs no bar. */
export const SHOWN_AFTER_MS = 700

export class TransferView {
  readonly element = document.createElement("div")
  private readonly text = document.createElement("span")
  private readonly bar = document.createElement("div")
  private readonly filled = document.createElement("div")
  /** Outside of what is hidden: only a region that is there all the time is spoken. */
  private readonly spoken = document.createElement("span")
  private readonly shown = document.createElement("div")
  private timer: number | undefined
  private latest: Transfer | null = null
  private lastSpoken: Transfer | null = null

  /** `say` words a transfer; `name` is what a screen reader calls the bar. */
  constructor(
    private readonly say: (transfer: Transfer) => string,
    name: string,
    private readonly showAfterMs: number = SHOWN_AFTER_MS,
  ) {
    this.element.className = "transfer"
    this.shown.className = "transfer_shown"
    this.shown.hidden = true
    this.text.className = "transfer_text"
    this.bar.className = "transfer_bar"
    this.setAttributes(this.bar, { role: "progressbar", "aria-label": name, "aria-valuemin": "0", "aria-valuemax": "100" })
    this.filled.className = "transfer_filled"
    this.spoken.className = "sr-only"
    this.setAttributes(this.spoken, { role: "status", "aria-live": "polite" })
    this.bar.append(this.filled)
    this.shown.append(this.text, this.bar)
    this.element.append(this.shown, this.spoken)
  }

  /** Tell how far it is. The first call begins; what has ended by `end` soon after is never shown. */
  update(transfer: Transfer): void {
    const isFirst = this.latest === null
    this.latest = transfer
    if (isFirst) this.timer = window.setTimeout(() => this.show(), this.showAfterMs)
    else if (!this.shown.hidden) this.render(transfer)
  }

  private show(): void {
    this.shown.hidden = false
    if (this.latest) this.render(this.latest)
  }

  end(): void {
    window.clearTimeout(this.timer)
    this.latest = null
    this.lastSpoken = null
    this.shown.hidden = true
    this.spoken.textContent = ""
  }

  private render(transfer: Transfer): void {
    const words = this.say(transfer)
    this.text.textContent = words
    this.filled.style.width = `${percentOf(transfer)}%`
    this.setAttributes(this.bar, { "aria-valuenow": String(percentOf(transfer)), "aria-valuetext": words })
    if (!isNews(transfer, this.lastSpoken)) return
    this.spoken.textContent = words
    this.lastSpoken = transfer
  }

  private setAttributes(element: Element, values: Record<string, string>): void {
    for (const [name, value] of Object.entries(values)) element.setAttribute(name, value)
  }
}
