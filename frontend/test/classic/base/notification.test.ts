// @vitest-environment jsdom
import $ from "jquery"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { events } from "../../../src/classic/base/js/events"
import { NotificationArea } from "../../../src/classic/base/js/notificationarea"

let area: NotificationArea

beforeEach(() => {
  vi.useFakeTimers()
  document.body.innerHTML = "<span id='notification_area'></span>"
  area = new NotificationArea("#notification_area", { events })
})
afterEach(() => {
  vi.useRealTimers()
})

const isShown = (name: string): boolean => $(`#notification_${name}`).css("display") !== "none"

test("a widget is made once and found by its name", () => {
  const widget = area.widget("test")
  expect(area.widget("test")).toBe(widget)
  expect(area.get_widget("test")).toBe(widget)
  expect($("#notification_area > div#notification_test.notification_widget.btn.btn-xs.navbar-btn > span").length).toBe(1)
})

test("an unknown widget and a second one of a name are errors", () => {
  expect(() => area.get_widget("none")).toThrow("none")
  area.new_notification_widget("test")
  expect(() => area.new_notification_widget("test")).toThrow("test")
})

test("info goes after 3.5 s", () => {
  area.widget("test").info("hello")
  vi.advanceTimersByTime(3499)
  expect(isShown("test")).toBe(true)
  vi.advanceTimersByTime(2)
  expect(isShown("test")).toBe(false)
})

test.each(["warning", "danger"] as const)("%s stays", (kind) => {
  area.widget("test")[kind]("careful")
  vi.advanceTimersByTime(1_000_000)
  expect(isShown("test")).toBe(true)
  expect($("#notification_test").hasClass(kind)).toBe(true)
})

test("a later message is not hidden by an earlier one's timer", () => {
  const widget = area.widget("test")
  widget.set_message("first", 500)
  vi.advanceTimersByTime(400)
  widget.set_message("second", 500)
  vi.advanceTimersByTime(400)
  expect(isShown("test")).toBe(true)
  expect(widget.get_message()).toBe("second")
})

test("a click dismisses, unless the callback says no", () => {
  const widget = area.widget("test")
  widget.warning("stay", undefined, () => false)
  widget.element.trigger("click")
  expect(isShown("test")).toBe(true)
  widget.warning("go", undefined, () => undefined)
  widget.element.trigger("click")
  expect(isShown("test")).toBe(false)
})

test("a message is text", () => {
  const widget = area.widget("test")
  widget.info("<img src=x>")
  expect(widget.element.find("img").length).toBe(0)
})

test("what can be clicked can be pressed", () => {
  const widget = area.widget("pressed")
  let count = 0
  widget.set_message("press me", undefined, () => void (count += 1))
  const press = (key: string): boolean => widget.element[0]!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))
  expect([widget.element.attr("role"), widget.element.attr("tabindex")]).toEqual(["button", "0"])
  press("x")
  press("Enter")
  expect(count).toBe(1)
  widget.set_message("only read")
  expect(widget.element.attr("role")).toBeUndefined()
})
