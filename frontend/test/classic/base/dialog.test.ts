// @vitest-environment jsdom
import $ from "jquery"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { edit_metadata, insert_image, kernel_modal, modal } from "../../../src/classic/base/js/dialog"

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

function keyboardManager() {
  return { enabled: true, mode: "edit", enable() { this.enabled = true }, disable() { this.enabled = false }, command_mode() { this.mode = "command" } }
}

function press(target: Element | null, init: KeyboardEventInit): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...init })
  target?.dispatchEvent(event)
  return event
}

beforeEach(() => {
  document.body.innerHTML = "<button id='before'>before</button>"
})
afterEach(() => {
  $(".modal").modal("hide").remove()
  document.body.innerHTML = ""
})

describe("a dialog", () => {
  test("has the documented shape", () => {
    const $modal = modal({ title: "A title", body: "A <b>text</b>", buttons: { Cancel: {}, Go: { class: "btn-primary", id: "go" } } })
    expect($modal.is("div.modal.fade[role=dialog]")).toBe(true)
    expect($modal.find("> .modal-dialog > .modal-content > .modal-header > h4.modal-title").text()).toBe("A title")
    expect($modal.find(".modal-body > p").text()).toBe("A <b>text</b>")
    expect($modal.find(".modal-footer > button.btn.btn-default.btn-sm[data-dismiss=modal]").length).toBe(2)
    expect($modal.find("#go").hasClass("btn-primary")).toBe(true)
    expect(document.querySelectorAll(".modal-backdrop").length).toBe(1)
  })

  test("never takes a string for markup", () => {
    const $modal = modal({ title: "<img src=x onerror=alert(1)>", body: "<img src=x onerror=alert(1)>" })
    expect($modal.find("img").length).toBe(0)
  })

  test("has a name for those who cannot see it", () => {
    const $modal = modal({ title: "A title" })
    expect(document.getElementById($modal.attr("aria-labelledby") ?? "")?.textContent).toBe("A title")
    expect($modal.attr("aria-modal")).toBe("true")
  })

  test("is open after the caller has got it", async () => {
    const opened = vi.fn()
    const $modal = modal({ open: () => opened($modal) })
    expect(opened).not.toHaveBeenCalled()
    await settle()
    expect(opened).toHaveBeenCalledWith($modal)
  })

  test("focuses the last button", async () => {
    modal({ buttons: { Cancel: {}, Go: {} } })
    await settle()
    expect(document.activeElement?.textContent).toBe("Go")
  })

  test("focuses the default button", async () => {
    modal({ buttons: { Cancel: {}, Go: {} }, default_button: "Cancel" })
    await settle()
    expect(document.activeElement?.textContent).toBe("Cancel")
  })

  test("closes at a button and tells the handler, whose `this` is the content", () => {
    let content: unknown
    const $modal = modal({ buttons: { Go: { click(this: JQuery) { content = $(this)[0] } } } })
    const expected = $modal.find(".modal-content")[0]
    $modal.find("button:contains(Go)").trigger("click")
    expect(content).toBe(expected)
    expect(document.querySelector(".modal, .modal-backdrop")).toBeNull()
  })

  test("stays open when the handler returns false", () => {
    const $modal = modal({ buttons: { Go: { click: () => false } } })
    $modal.find("button:contains(Go)").trigger("click")
    expect($modal.hasClass("in")).toBe(true)
  })

  test("closes at Escape, which nobody behind it sees", () => {
    const behind = vi.fn()
    document.addEventListener("keydown", behind)
    const $modal = modal({ buttons: { Go: {} } })
    press($modal.find("button").get(0) ?? null, { key: "Escape" })
    document.removeEventListener("keydown", behind)
    expect($modal.hasClass("in")).toBe(false)
    expect(behind).not.toHaveBeenCalled()
  })

  test("gives the focus back", async () => {
    const before = document.querySelector<HTMLElement>("#before")
    before?.focus()
    const $modal = modal({ buttons: { Go: {} } })
    await settle()
    $modal.modal("hide")
    expect(document.activeElement).toBe(before)
  })

  test("keeps the focus inside", async () => {
    const $modal = modal({ buttons: { Go: {} } })
    await settle()
    document.querySelector<HTMLElement>("#before")?.focus()
    expect($modal[0]?.contains(document.activeElement)).toBe(true)
  })

  test("Tab goes round inside", async () => {
    const $modal = modal({ buttons: { Cancel: {}, Go: {} } })
    await settle()
    const event = press(document.activeElement, { key: "Tab" })
    expect(event.defaultPrevented).toBe(true)
    expect(document.activeElement).toBe($modal.find(".close")[0])
    press(document.activeElement, { key: "Tab", shiftKey: true })
    expect(document.activeElement?.textContent).toBe("Go")
  })

  test("a dialog opened by a dialog's button outlives it", async () => {
    const first = modal({ buttons: { Next: { click: () => void modal({ title: "second" }) } } })
    await settle()
    first.find("button:contains(Next)").trigger("click")
    await settle()
    expect($(".modal").length).toBe(1)
    expect($(".modal .modal-title").text()).toBe("second")
    expect($(document.body).hasClass("modal-open")).toBe(true)
  })

  test("of the kernel takes the place of the earlier one", () => {
    kernel_modal({ title: "first" })
    kernel_modal({ title: "second" })
    expect($(".kernel-modal .modal-title").text()).toBe("second")
  })

  test("takes the keys from the notebook and gives them back in command mode", () => {
    const keyboard_manager = keyboardManager()
    const select = vi.fn()
    const notebook = { get_selected_cell: () => ({ select }), focus_cell: vi.fn() }
    const $modal = modal({ keyboard_manager, notebook })
    expect(keyboard_manager.enabled).toBe(false)
    $modal.modal("hide")
    expect([keyboard_manager.enabled, keyboard_manager.mode]).toEqual([true, "command"])
    expect(select).toHaveBeenCalledTimes(1)
  })

  test("can be kept and shown again", () => {
    const $modal = modal({ destroy: false })
    $modal.modal("hide")
    expect($modal[0]?.isConnected).toBe(true)
    $modal.modal("show")
    expect($modal.hasClass("in")).toBe(true)
  })
})

describe("the metadata dialog", () => {
  function edited(text: string, callback = vi.fn()) {
    const $modal = edit_metadata({ md: { a: 1 }, name: "Cell", callback })
    $modal.find("textarea").val(text)
    $modal.find("button:contains(Edit)").trigger("click")
    return { $modal, callback }
  }

  test("hands over the new object", () => {
    const { callback, $modal } = edited('{"a": 2, "tags": ["x"]}')
    expect(callback).toHaveBeenCalledWith({ a: 2, tags: ["x"] })
    expect($modal.hasClass("in")).toBe(false)
  })

  test.each(["{", "", "[1]", "null", "3"])("stays open at %j", (text) => {
    const { callback, $modal } = edited(text)
    expect(callback).not.toHaveBeenCalled()
    expect($modal.hasClass("in")).toBe(true)
    expect($modal.text()).toContain("WARNING: Could not save invalid JSON.")
  })
})

test("the image dialog waits for a file", () => {
  const $modal = insert_image({ callback: vi.fn() })
  expect($modal.find("#btn_ok").prop("disabled")).toBe(true)
})
