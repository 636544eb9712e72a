// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import {
  event_to_shortcut, normalize_shortcut, ShortcutManager, shortcut_to_event, type ActionsLike,
} from "../../../src/classic/base/js/keyboard"

function key(shortcut: string): ReturnType<typeof shortcut_to_event> & { preventDefault(): void } {
  return { ...shortcut_to_event(shortcut), preventDefault: vi.fn() }
}

class FakeActions implements ActionsLike {
  called: string[] = []
  known = new Set(["a:one", "a:two", "a:three"])

  get(name: string): { help: string; help_index: string } | undefined {
    return this.known.has(name) ? { help: `help of ${name}`, help_index: "aa" } : undefined
  }

  get_name(name: unknown): string | undefined {
    return typeof name === "string" && this.known.has(name) ? name : undefined
  }

  exists(name: string): boolean {
    return this.known.has(name)
  }

  call(name: string): unknown {
    this.called.push(name)
    return false
  }
}

describe("the normal form of a shortcut", () => {
  test.each([
    ["Shift-Enter", "shift-enter"],
    ["shift-ctrl-alt-P", "alt-ctrl-shift-p"],
    ["cmd-s", "meta-s"],
    ["cmdtrl-s", "ctrl-s"],
    ["ctrl-shift--", "ctrl-shift-minus"],
    ["-", "minus"],
    ["ctrl-,", "ctrl-comma"],
    [",", "comma"],
    ["d,d", "d,d"],
    ["D,-", "d,minus"],
    ["escape", "esc"],
    ["return", "enter"],
    ["ctrl-*", "ctrl-8"],
    ["alt-add", "alt-numpad+"],
  ])("%s is %s", (written, normal) => {
    expect(normalize_shortcut(written)).toBe(normal)
  })

  test("is a fixed point", () => {
    for (const written of ["ctrl-shift--", "d,d", "ctrl-,", "cmdtrl-shift-p", "alt-/"]) {
      const normal = normalize_shortcut(written)
      expect(normalize_shortcut(normal)).toBe(normal)
    }
  })

  test("is what a key event says of itself", () => {
    for (const shortcut of ["shift-enter", "ctrl-shift-minus", "alt-ctrl-p", "esc", "space", "0", "meta-comma"]) {
      expect(event_to_shortcut(shortcut_to_event(shortcut))).toBe(shortcut)
    }
  })

  test("a lone modifier is a shortcut", () => {
    expect(event_to_shortcut({ which: 16, shiftKey: true })).toBe("shift")
  })

  test.each([[173], [189]])("code %i is minus in every browser", (which) => {
    expect(event_to_shortcut({ which })).toBe("minus")
  })
})

describe("a shortcut manager", () => {
  let actions: FakeActions
  let shortcuts: ShortcutManager

  beforeEach(() => {
    vi.useFakeTimers()
    actions = new FakeActions()
    shortcuts = new ShortcutManager(undefined, { trigger: vi.fn() }, actions)
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  test("calls the action of one key", () => {
    shortcuts.add_shortcut("shift-enter", "a:one")
    expect(shortcuts.call_handler(key("shift-enter"))).toBe(false)
    expect(actions.called).toEqual(["a:one"])
  })

  test("lets other keys pass", () => {
    expect(shortcuts.call_handler(key("x"))).toBe(true)
  })

  test("calls the action of a sequence after its last step only", () => {
    shortcuts.add_shortcut("d,d", "a:one")
    shortcuts.call_handler(key("d"))
    expect(actions.called).toEqual([])
    shortcuts.call_handler(key("d"))
    expect(actions.called).toEqual(["a:one"])
  })

  test("forgets a begun sequence after 800 ms", () => {
    shortcuts.add_shortcut("d,d", "a:one")
    shortcuts.call_handler(key("d"))
    vi.advanceTimersByTime(801)
    shortcuts.call_handler(key("d"))
    expect(actions.called).toEqual([])
  })

  test("keeps a begun sequence for 799 ms", () => {
    shortcuts.add_shortcut("d,d", "a:one")
    shortcuts.call_handler(key("d"))
    vi.advanceTimersByTime(799)
    shortcuts.call_handler(key("d"))
    expect(actions.called).toEqual(["a:one"])
  })

  test("forgets a begun sequence at a key that does not fit", () => {
    shortcuts.add_shortcut("d,d", "a:one")
    for (const step of ["d", "x", "d"]) shortcuts.call_handler(key(step))
    expect(actions.called).toEqual([])
  })

  test("a modifier between the steps breaks nothing", () => {
    shortcuts.add_shortcut("g,shift-g", "a:one")
    shortcuts.call_handler(key("g"))
    shortcuts.call_handler({ which: 16, shiftKey: true, preventDefault: vi.fn() })
    shortcuts.call_handler(key("shift-g"))
    expect(actions.called).toEqual(["a:one"])
  })

  test("refuses a longer sequence behind a shortcut, and says so", () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined)
    shortcuts.add_shortcut("d", "a:one")
    shortcuts.add_shortcut("d,d", "a:two")
    expect(shortcuts.get_shortcut("d")).toBe("a:one")
    expect(warned).toHaveBeenCalled()
  })

  test("a shorter shortcut takes the place of longer ones", () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined)
    shortcuts.add_shortcut("d,d", "a:one")
    shortcuts.add_shortcut("d", "a:two")
    expect(shortcuts.get_shortcut("d")).toBe("a:two")
  })

  test("removes one of two sequences and leaves the other", () => {
    shortcuts.add_shortcuts({ "g,a": "a:one", "g,b": "a:two" })
    shortcuts.remove_shortcut("g,a")
    expect(shortcuts.get_shortcut("g,a")).toBeUndefined()
    expect(shortcuts.get_shortcut("g,b")).toBe("a:two")
  })

  test("removing what is not there throws with the shortcut's name", () => {
    expect(() => shortcuts.remove_shortcut("ctrl-9")).toThrow("ctrl-9")
  })

  test("an unknown action may be bound, and does nothing until it exists", () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined)
    shortcuts.add_shortcut("x", "later:action")
    expect(shortcuts.call_handler(key("x"))).toBe(true)
    actions.known.add("later:action")
    shortcuts.call_handler(key("x"))
    expect(actions.called).toEqual(["later:action"])
  })

  test("knows whether it handles a key, steps of a sequence included", () => {
    shortcuts.add_shortcut("d,d", "a:one")
    expect(shortcuts.handles(key("d"))).toBe(true)
    expect(shortcuts.handles(key("e"))).toBe(false)
  })

  test("finds the shortcuts of an action", () => {
    shortcuts.add_shortcuts({ x: "a:one", "ctrl-x": "a:one", "d,d": "a:two" })
    expect(shortcuts.get_action_shortcuts("a:one").sort()).toEqual(["ctrl-x", "x"])
    expect(shortcuts.get_action_shortcut("a:two")).toBe("d,d")
  })

  test("tells which shortcuts are free", () => {
    shortcuts.add_shortcut("d,d", "a:one")
    expect(shortcuts.is_available_shortcut("x")).toBe(true)
    expect(shortcuts.is_available_shortcut("d")).toBe(false)
    expect(shortcuts.is_available_shortcut("d,d,d")).toBe(false)
    expect(shortcuts.is_available_shortcut("d,e")).toBe(true)
  })

  test("names like those of Object's own members are ordinary keys", () => {
    expect(shortcuts.get_shortcut("constructor")).toBeUndefined()
    expect(shortcuts.is_available_shortcut("tostring")).toBe(true)
  })

  test("help lists every bound action with its text, by index and then by key", () => {
    shortcuts.add_shortcuts({ x: "a:one", "d,d": "a:two" })
    expect(shortcuts.help()).toEqual([
      { shortcut: "d,d", help: "help of a:two", help_index: "aa" },
      { shortcut: "x", help: "help of a:one", help_index: "aa" },
    ])
  })
})

test("what the user binds and unbinds goes into the configuration", () => {
  const update = vi.fn()
  const config = { data: { keys: { command: { unbind: ["q"] } } }, update }
  const shortcuts = new ShortcutManager(undefined, undefined, new FakeActions(), {}, config, "command")
  shortcuts._add_default_shortcuts({ x: "a:one" })
  shortcuts._persist_shortcut("Ctrl-B", "a:two")
  expect(update).toHaveBeenLastCalledWith({ keys: { command: { bind: { "ctrl-b": "a:two" } } } })
  shortcuts._persist_remove_shortcut("x")
  expect(update).toHaveBeenLastCalledWith({ keys: { command: { bind: { x: null }, unbind: ["q", "x"] } } })
})
