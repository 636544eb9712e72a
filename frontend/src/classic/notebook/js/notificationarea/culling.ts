/** An idle kernel that the server is about to shut down: how long it has, and a click that keeps it. */
import type { NotificationWidget } from "../../../base/js/notificationwidget"
import type { NotebookNotificationArea } from "../notificationarea"
import { _ } from "../../../../i18n/words"

const TICK_MS = 1000
const TITLE = _("Nothing has run for a while, so this server will shut the kernel down. Click to keep it.")

export interface CullingNotice {
  /** `null`: not soon any more. */
  in_s: number | null
}

class Countdown {
  private timer: number | undefined
  private ends_ms = 0

  constructor(private readonly widget: NotificationWidget, private readonly keep: () => void) {}

  start(in_s: number): void {
    this.stop()
    this.ends_ms = performance.now() + in_s * 1000
    this.widget.warning(this.text(), undefined, () => {
      this.stop()
      this.keep()
    }, { title: TITLE })
    /* Only the first sentence is announced: the numbers would be read out every second. */
    this.timer = window.setInterval(() => void this.widget.inner.text(this.text()), TICK_MS)
  }

  stop(): void {
    if (this.timer === undefined) return
    window.clearInterval(this.timer)
    this.timer = undefined
    this.widget.hide()
  }

  private text(): string {
    const left_s = Math.max(0, Math.round((this.ends_ms - performance.now()) / 1000))
    return _("Idle kernel ends in %s s · Keep it", left_s)
  }
}

export function listenToCulling(area: NotebookNotificationArea): void {
  const { events } = area
  /* A silent empty execution is work, so the server counts anew. */
  const countdown = new Countdown(area.widget("culling"), () => {
    area.notebook.kernel?.execute("", undefined, { silent: true, store_history: false, allow_stdin: false })
  })
  events.on("kernel_culling.Kernel", (_event: unknown, notice: CullingNotice) => {
    if (notice.in_s === null) countdown.stop()
    else countdown.start(notice.in_s)
  })
  events.on("kernel_busy.Kernel kernel_dead.Kernel kernel_killed.Kernel kernel_restarting.Kernel kernel_disconnected.Kernel", () => countdown.stop())
}
