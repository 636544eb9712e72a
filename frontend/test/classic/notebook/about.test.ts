// @vitest-environment jsdom
/** The About dialog tells what the server wrote on the page, and what the kernel said of itself. */
import { afterEach, expect, test } from "vitest"
import { publish_system_facts, show_about } from "../../../src/classic/notebook/js/about"
import { makeNotebook, shownDialog } from "./harness"

afterEach(() => {
  document.body.removeAttribute("data-server-version")
  document.body.removeAttribute("data-python-version")
})

test("the versions of server and Python are told, to extensions too", () => {
  const { notebook } = makeNotebook()
  document.body.setAttribute("data-server-version", "1.2.3")
  document.body.setAttribute("data-python-version", "3.13.0%20(main)%20%5BGCC%5D")
  publish_system_facts()
  show_about(notebook)
  expect(shownDialog().text()).toContain("flasknb 1.2.3")
  expect(shownDialog().text()).toContain("Python 3.13.0 (main) [GCC]")
  expect(window).toHaveProperty("sys_info.notebook_version", "1.2.3")
})

test("without a kernel it says so", () => {
  show_about(makeNotebook().notebook)
  expect(shownDialog().text()).toContain("No kernel is connected.")
})
