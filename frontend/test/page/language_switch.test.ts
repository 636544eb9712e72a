// @vitest-environment jsdom
/** The menu of languages. */
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { install_bootstrap } from "../../src/classic/bootstrap/install"
import { bindLanguageSwitch } from "../../src/page/language_switch"

install_bootstrap()
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
  document.body.innerHTML = '<span class="dropdown"><button data-toggle="dropdown" data-languages="de fr" data-chosen="fr"></button></span>'
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
  button.focus()
  press("ArrowDown")
  expect([button.getAttribute("aria-expanded"), document.activeElement!.textContent]).toEqual(["true", "As the browser asks"])
  press("End")
  press("ArrowUp")
  press("x")
  press("ArrowRight")
  expect(document.activeElement!.textContent).toBe("Deutsch")
  press("Escape")
  expect([button.getAttribute("aria-expanded"), document.activeElement]).toEqual(["false", button])
})

test("is chosen from by the space bar as well", async () => {
  shown().focus()
  press("Enter")
  press("ArrowDown")
  press(" ")
  await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce())
  expect(sent[0]!.body).toEqual({ language: "en" })
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
