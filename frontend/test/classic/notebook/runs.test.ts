// @vitest-environment jsdom
/** The end of a run, for those who hear the page. */
import $ from "jquery"
import { expect, test } from "vitest"
import type { CodeCell } from "../../../src/classic/notebook/js/codecell"
import { NotebookNotificationArea } from "../../../src/classic/notebook/js/notificationarea"
import { code, opened } from "./harness"

test("is told once for all cells, and whether one failed", () => {
  const { notebook } = opened([code("a"), code("b")])
  const { events, save_widget, keyboard_manager } = notebook
  $("body").append("<span id='notification_area'></span>")
  new NotebookNotificationArea("#notification_area", { events, notebook, save_widget, keyboard_manager }).init_notification_widgets()
  const said = (): string => $(".notification_announcer").text()
  const cells = notebook.get_cells() as CodeCell[]
  const before = said()
  cells.forEach((cell) => events.trigger("execute.CodeCell", { cell }))
  events.trigger("finished_execute.CodeCell", { cell: cells[0]! })
  expect(said()).toBe(before)
  cells[1]!.output_area.outputs.push({ output_type: "error", ename: "E", evalue: "v", traceback: [] } as never)
  events.trigger("finished_execute.CodeCell", { cell: cells[1]! })
  expect(said()).toBe("Run finished with an error")
  events.trigger("execute.CodeCell", { cell: cells[0]! })
  events.trigger("finished_execute.CodeCell", { cell: cells[0]! })
  expect(said()).toBe("Run finished")
})
