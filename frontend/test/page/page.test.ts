// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest"
import { stripToken, withoutToken } from "../../src/page/address"
import { baseUrl, bodyData } from "../../src/page/bodydata"
import { changeFavicon } from "../../src/page/favicon"
import { cookieValue } from "../../src/page/requests"

beforeEach(() => {
  document.head.innerHTML = '<link id="favicon" rel="shortcut icon" href="/a.ico">'
  for (const { name } of [...document.body.attributes]) document.body.removeAttribute(name)
})

test.each([
  ["http://h/tree?token=abc", "http://h/tree"],
  ["http://h/tree?a=1&token=abc&b=2#x", "http://h/tree?a=1&b=2#x"],
  ["http://h/tree?tokens=1", "http://h/tree?tokens=1"],
])("the token leaves %s", (url, clean) => {
  expect(withoutToken(url)).toBe(clean)
})

test("the address bar loses the token and keeps its state", () => {
  history.replaceState({ path: "d" }, "", "/tree/d?token=secret")
  stripToken()
  expect(location.href).not.toContain("secret")
  expect(history.state).toEqual({ path: "d" })
})

test("body data is decoded, absent is undefined, and a lone percent sign is text", () => {
  document.body.setAttribute("data-notebook-path", "a%20b/100%25.ipynb")
  document.body.setAttribute("data-server-root", "~/50%")
  expect(bodyData("notebook-path")).toBe("a b/100%.ipynb")
  expect(bodyData("server-root")).toBe("~/50%")
  expect(bodyData("nothing")).toBeUndefined()
  expect(baseUrl()).toBe("/")
})

test("a new favicon takes the place of the old one", () => {
  changeFavicon("/b.ico")
  const links = document.querySelectorAll("link[rel~=icon]")
  expect([...links].map((link) => [link.id, link.getAttribute("href")])).toEqual([["favicon", "/b.ico"]])
})

test("a cookie is found by its whole name", () => {
  expect(cookieValue("_xsrf", "other_xsrf=1; _xsrf=2|a=b; x=3")).toBe("2|a=b")
  expect(cookieValue("_xsrf", "")).toBeUndefined()
})
