/** Tells who does not see the prompts that what was run has ended: once for many cells. */
import type { CodeCell } from "../codecell"
import type { NotebookNotificationArea } from "../notificationarea"
import { _ } from "../../../../i18n/words"

export function listenToRuns(area: NotebookNotificationArea): void {
  const { events } = area
  const running = new Set<CodeCell>()
  let has_failed = false
  events.on("execute.CodeCell", (_event: unknown, { cell }: { cell: CodeCell }) => void running.add(cell))
  events.on("finished_execute.CodeCell", (_event: unknown, { cell }: { cell: CodeCell }) => {
    if (!running.delete(cell)) return
    has_failed ||= cell.output_area.outputs.some((output) => output.output_type === "error")
    if (running.size > 0) return
    area.element.trigger("notification_shown", [has_failed ? _("Run finished with an error") : _("Run finished")])
    has_failed = false
  })
  events.on("kernel_restarting.Kernel kernel_dead.Kernel kernel_killed.Kernel kernel_killed.Session", () => running.clear())
}
