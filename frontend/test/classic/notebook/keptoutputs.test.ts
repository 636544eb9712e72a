// @vitest-environment jsdom
/** What is offered of outputs that came while the notebook was closed. */
import $ from "jquery"
import { afterEach, expect, test } from "vitest"
import type { RestoredCell } from "../../../src/model/restoring"
import { code, opened } from "./harness"

const kept = (cell_id: string): RestoredCell[] => [
  {
    msg_id: "m", cell_id, document: null, outputs: [], clears_next: false, is_whole: true, question: null,
    started_ms: 1, ended_ms: 2, execution_count: 1,
  } as never,
]
const buttons = (): string[] => $(".modal:last .modal-footer button").toArray().map((button) => $(button).text())

afterEach(() => {
  $(".modal").remove()
})

test("outputs whose cell is there can be shown", () => {
  const { notebook } = opened([code("a")])
  notebook._offer_kept(kept(notebook.get_cell(0)!.id))
  expect(buttons()).toEqual(["Show", "Discard", "Later"])
})

test("of outputs whose cells are all gone it is said that they cannot be shown", () => {
  const { notebook } = opened([code("a")])
  notebook._offer_kept(kept("gone"))
  expect(buttons()).toEqual(["Discard", "Later"])
  expect($(".modal:last .modal-body").text()).toContain("no longer in this notebook")
})
