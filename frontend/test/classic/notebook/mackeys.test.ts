// @vitest-environment jsdom
/** Default keys as they are on a Mac. */
import { expect, test, vi } from "vitest"

vi.spyOn(navigator, "userAgent", "get").mockReturnValue("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)")
const { normalize_shortcut } = await import("../../../src/classic/base/js/keyboard")
const { COMMAND_SHORTCUTS, COMMON_SHORTCUTS, EDIT_SHORTCUTS } = await import("../../../src/classic/notebook/js/actions/defaultshortcuts")
const { humanize_sequence } = await import("../../../src/classic/notebook/js/quickhelp")

test("cmdtrl is Command, and Ctrl stays Ctrl", () => {
  const keys = [COMMON_SHORTCUTS, COMMAND_SHORTCUTS, EDIT_SHORTCUTS].flatMap((table) => Object.keys(table)).map(normalize_shortcut)
  expect(keys.filter((key) => key.includes("meta")).sort()).toEqual(
    ["meta-a", "meta-enter", "meta-s", "meta-shift-f", "meta-shift-f", "meta-shift-p", "meta-shift-p"],
  )
  expect(keys.filter((key) => key.includes("ctrl")).sort()).toEqual(["ctrl-enter", "ctrl-m", "ctrl-shift-minus"])
})

test("keys are shown by their symbols", () => {
  expect(humanize_sequence("cmd-shift-p")).toBe("<kbd>⌘⇧P</kbd>")
})
