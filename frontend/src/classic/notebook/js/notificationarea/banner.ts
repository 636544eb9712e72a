/** A line below the menus while kernel or server cannot be reached: what is wrong, when the next attempt comes, "Try now". */
import $ from "jquery"
import { statusOf } from "../../../../model/errors"
import { causeOf, countdownText, outageText, type Cause, type Lost } from "../../../../model/outage"
import * as utils from "../../../base/js/utils"
import type { NotebookNotificationArea } from "../notificationarea"
import { _ } from "../../../../i18n/words"

/** A worker that ends has a neighbour: the first attempts need nobody's attention. */
export const PATIENCE_MS = 1500
/** When the kernel's own attempts are used up, and between questions to a server that did not save. */
export const AGAIN_AFTER_MS = { kernel: 60_000, saving: 15_000 }
const TICK_MS = 1000
const ANSWER_TIMEOUT_MS = 5000

/** Ask the server for a sign of life. → the status of its answer; 0 for none, 401 for a way to the login page. */
async function askServer(base_url: string): Promise<number> {
  try {
    const options: RequestInit = { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) }
    const answer = await fetch(utils.url_path_join(base_url, "api/status"), options)
    return answer.redirected ? 401 : answer.status
  } catch {
    return 0
  }
}

export class ConnectionBanner {
  private readonly element: JQuery
  private readonly what: JQuery
  private readonly when: JQuery
  private lost: Lost | null = null
  private owes_save = false
  private cause: Cause = "unknown"
  /** When the next attempt comes; null while one is under way. */
  private next_ms: number | null = null
  private patience: number | undefined
  private again: number | undefined
  private tick: number | undefined

  constructor(
    private readonly area: NotebookNotificationArea,
    private readonly ask: (base_url: string) => Promise<number> = askServer,
  ) {
    this.what = $("<span role='status' aria-live='polite'/>")
    this.when = $("<span class='banner_countdown'/>") // not announced: it would be, every second
    const button = $("<button type='button' class='btn btn-xs btn-default'/>").text(_("Try now")).on("click", () => this.try_now())
    button.on("keydown", (event) => event.key === "Enter" || event.key === " " ? event.stopPropagation() : undefined)
    this.element = $("<div id='connection_banner' hidden/>").append(this.what, this.when, button).appendTo("#header")
    this.listen()
  }

  private listen(): void {
    const { events } = this.area
    events.on("kernel_disconnected.Kernel kernel_connection_failed.Kernel", () => this.lose_kernel())
    events.on("kernel_reconnect_planned.Kernel", (_event: unknown, { delay_ms }: { delay_ms: number }) => this.plan(delay_ms))
    events.on("kernel_reconnecting.Kernel", () => this.plan(null))
    events.on("kernel_connection_dead.Kernel", () => this.try_again_in(AGAIN_AFTER_MS.kernel))
    events.on("kernel_connected.Kernel kernel_killed.Kernel kernel_killed.Session kernel_dead.Kernel", () => this.end("kernel"))
    events.on("notebook_saved.Notebook", () => {
      this.owes_save = false
      this.end("saving")
    })
    events.on("notebook_save_failed.Notebook", (_event: unknown, error: unknown) => void (statusOf(error) === 0 && this.lose_server()))
    window.addEventListener("online", () => this.lost !== null && this.try_now())
    window.addEventListener("offline", () => this.lost !== null && void this.find_cause())
  }

  private lose_kernel(): void {
    if (this.lost === "kernel") return void this.find_cause()
    this.patience ??= window.setTimeout(() => this.show("kernel"), PATIENCE_MS)
  }

  private lose_server(): void {
    this.owes_save = true
    if (this.lost === null) this.show("saving")
    if (this.lost === "saving") this.try_again_in(AGAIN_AFTER_MS.saving)
  }

  private show(lost: Lost): void {
    this.stop_patience()
    if (lost === "kernel" && this.area.notebook.kernel?.is_connected() !== false) return
    this.lost = lost
    this.cause = "unknown"
    this.element.removeAttr("hidden")
    this.tick ??= window.setInterval(() => this.tell_time(), TICK_MS)
    this.tell_time()
    this.what.text(outageText(this.cause, lost))
    void this.find_cause()
  }

  private async find_cause(): Promise<void> {
    const status = await this.ask(this.area.notebook.base_url)
    if (this.lost === null) return
    if (this.lost === "saving" && status > 0 && status < 400) return this.end("saving")
    this.cause = causeOf(status, navigator.onLine)
    const text = outageText(this.cause, this.lost)
    if (this.what.text() !== text) this.what.text(text)
  }

  private save_what_is_owed(): void {
    const { notebook } = this.area
    if (!this.owes_save) return
    this.owes_save = false
    if (notebook.dirty) void notebook.save_notebook().catch(() => undefined) // told by notebook_save_failed
  }

  private plan(delay_ms: number | null): void {
    window.clearTimeout(this.again)
    this.next_ms = delay_ms === null ? null : performance.now() + delay_ms
    this.tell_time()
  }

  private try_again_in(delay_ms: number): void {
    this.plan(delay_ms)
    this.again = window.setTimeout(() => this.lost !== null && this.try_now(), delay_ms)
  }

  /** Make the next attempt at once. */
  try_now(): void {
    const { lost } = this
    this.plan(null)
    if (lost === "kernel") this.area.notebook.kernel?.reconnect()
    else void this.find_cause().then(() => this.lost === "saving" && this.try_again_in(AGAIN_AFTER_MS.saving))
  }

  private tell_time(): void {
    if (this.lost !== null) this.when.text(countdownText(this.next_ms === null ? null : this.next_ms - performance.now()))
  }

  private stop_patience(): void {
    window.clearTimeout(this.patience)
    this.patience = undefined
  }

  /** What was lost is there again, or nobody waits for it. */
  private end(lost: Lost): void {
    if (lost === "kernel") this.stop_patience()
    if (this.lost !== lost) return
    this.lost = null
    window.clearTimeout(this.again)
    window.clearInterval(this.tick)
    this.tick = undefined
    const had_focus = this.element[0]?.contains(document.activeElement)
    this.element.attr("hidden", "hidden")
    this.what.text("")
    if (had_focus) this.area.notebook._focus_selected_element()
    this.save_what_is_owed()
  }
}
