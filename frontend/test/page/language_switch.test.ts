// @vitest-environment jsdom
/** The menu of languages. */
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { bindLanguageSwitch } from "../../src/page/language_switch"

const sent: { url: string; body: unknown }[] = []
let status = 200
const reload = vi.fn()

beforeEach(() => {
  sent.length = 0
  status = 200
  reload.mockClear()
  vi.stubGlobal("fetch", (url: string, request: RequestInit) => {
    sent.push({ url, body: JSON.parse(String(request.body)) })
    return Promise.resolve(new Response('{"message": "the disk is full"}', { status }))
  })
  document.body.innerHTML = '<span class="dropdown"><button data-languages="de fr" data-chosen="fr"></button></span>'
})

afterEach(() => {
  vi.unstubAllGlobals()
})

function shown(): HTMLElement {
  const button = document.querySelector("button") as HTMLElement
  bindLanguageSwitch(button, { baseUrl: "/a/b/", reload })
  return button
}

const links = (): HTMLElement[] => [...document.querySelectorAll("a")]
const press = (key: string): boolean => document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))

test("offers every language by its own name, and says which one is chosen", () => {
  const button = shown()
  expect(button.getAttribute("aria-label")).toBe("Language: English")
  expect(links().map((link) => [link.lang, link.textContent, link.getAttribute("aria-checked")])).toEqual([
    ["", "As the browser asks", "false"],
    ["en", "English", "false"],
    ["de", "Deutsch", "false"],
    ["fr", "Français", "true"],
  ])
})

test("is gone through by keys, which reach nothing else, and gives the focus back", () => {
  const button = shown()
  const heard = vi.fn()
  document.addEventListener("keydown", heard)
  button.click()
  expect([button.getAttribute("aria-expanded"), document.activeElement!.textContent]).toEqual(["true", "Français"])
  press("ArrowDown")
  expect(document.activeElement!.textContent).toBe("As the browser asks")
  press("End")
  press("ArrowUp")
  press("x")
  expect(document.activeElement!.textContent).toBe("Deutsch")
  press("Escape")
  document.removeEventListener("keydown", heard)
  expect([button.getAttribute("aria-expanded"), document.activeElement, heard.mock.calls.length]).toEqual(["false", button, 0])
})

test("keeps a choice with the user's settings and loads the page again", async () => {
  shown().click()
  links()[2]!.click()
  await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce())
  links()[0]!.click()
  await vi.waitFor(() => expect(reload).toHaveBeenCalledTimes(2))
  expect(sent).toEqual(["de", null].map((language) => ({ url: "/a/b/api/config/common", body: { language } })))
})

test("says why a choice could not be kept", async () => {
  status = 507
  const button = shown()
  links()[1]!.click()
  await vi.waitFor(() => expect(button.title).toContain("the disk is full"))
  expect(reload).not.toHaveBeenCalled()
})
