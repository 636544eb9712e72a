/** Lost connections in words. */
import { expect, test } from "vitest"
import { causeOf, countdownText, outageText } from "../../src/model/outage"

test("each cause has its words, and what still works", () => {
  expect(outageText("offline", "kernel")).toBe("This computer has no network. You can go on typing; code runs again when it is back.")
  expect(outageText("unknown", "saving")).toContain("The server does not answer. You can go on typing; it is kept in this browser")
})

test.each([
  [200, true, "kernel"], [404, true, "kernel"], [401, true, "login"], [403, true, "login"], [502, true, "server"], [0, true, "server"], [0, false, "offline"],
])("the answer %d (online: %s) means %s", (status, online, cause) => expect(causeOf(status, online)).toBe(cause))

test.each<[number | null, string]>([
  [null, "Trying now…"], [-5, "Trying now…"], [900, "Next try in 1 s."], [64_000, "Next try in 64 s."], [180_000, "Next try in 3 min."],
])("%s ms", (left, text) => expect(countdownText(left)).toBe(text))
