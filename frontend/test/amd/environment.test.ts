// @vitest-environment jsdom
import { expect, test } from "vitest"
import { ownNodeNames } from "../../src/amd/environment"

test("no heading makes the page look like Node to a library, and who defines these names may", () => {
  document.body.innerHTML = '<h1 id="exports">exports</h1><h2 id="module">module</h2>'
  ownNodeNames()
  const page = window as unknown as { exports?: unknown; module?: unknown }
  expect([typeof page.exports, typeof page.module]).toEqual(["undefined", "undefined"])
  page.exports = { own: 1 }
  ownNodeNames()
  expect(page.exports).toEqual({ own: 1 })
})
