// @vitest-environment jsdom
/** The switch between the system's colours, dark and light. */
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { bindThemeSwitch, chosenTheme } from "../../src/page/theme"

const sent: { url: string; body: unknown }[] = []
let status = 200

beforeEach(() => {
  sent.length = 0
  status = 200
  vi.stubGlobal("fetch", (url: string, request: RequestInit) => {
    sent.push({ url, body: JSON.parse(String(request.body)) })
    return Promise.resolve(new Response('{"message": "the disk is full"}', { status }))
  })
  document.body.innerHTML = '<button id="theme_switch"></button>'
})

afterEach(() => {
  vi.unstubAllGlobals()
  delete document.documentElement.dataset.theme
})

function shown(): HTMLButtonElement {
  const button = document.querySelector("button")
  if (!button) throw new Error("no button")
  bindThemeSwitch(button, "/a/b/")
  return button
}

test("goes from the system's to dark, to light and back, and keeps each with the settings", () => {
  const button = shown()
  const seen = [chosenTheme()]
  for (let press = 0; press < 3; press++) {
    button.click()
    seen.push(chosenTheme())
  }
  expect(seen).toEqual(["system", "dark", "light", "system"])
  expect(sent).toEqual(["dark", "light", null].map((theme) => ({ url: "/a/b/api/config/common", body: { theme } })))
})

test("begins with what the server wrote, and has a name for who does not see it", () => {
  document.documentElement.dataset.theme = "dark"
  const button = shown()
  expect(button.getAttribute("aria-label")).toBe("Colours: dark")
  button.click()
  expect(button.getAttribute("aria-label")).toBe("Colours: light")
  expect(document.documentElement.dataset.theme).toBe("light")
})

test("says why a choice does not last", async () => {
  status = 507
  const button = shown()
  button.click()
  await vi.waitFor(() => expect(button.title).toContain("the disk is full"))
  expect(chosenTheme()).toBe("dark")
})

test("a theme that does not exist is the system's", () => {
  document.documentElement.dataset.theme = "pink"
  expect(chosenTheme()).toBe("system")
})
