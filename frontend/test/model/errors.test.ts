import { expect, test } from "vitest"
import { messageOf, statusOf } from "../../src/model/errors"

test.each([
  [new Error("the disk is full"), "the disk is full"],
  ["just words", "just words"],
  [404, "404"],
  [undefined, "undefined"],
  [null, "null"],
])("%s says %j", (error, expected) => {
  expect(messageOf(error)).toBe(expected)
})

test.each([
  [{ status: 409 }, 409],
  [{ xhr: { status: 404 } }, 404],
  [{ xhr: { status: 404 }, status: 500 }, 404],
  [Object.assign(new Error("gone"), { xhr: { status: 410 } }), 410],
  [new Error("no request at all"), undefined],
  ["words", undefined],
  [null, undefined],
  [undefined, undefined],
])("the status of %j is %j", (error, expected) => {
  expect(statusOf(error)).toBe(expected)
})
