import { expect, test } from "vitest"
import { jsonRequest } from "../../../src/classic/services/jsonrequest"

test("a request without a body announces none", () => {
  expect(jsonRequest("GET")).toEqual({ type: "GET", cache: false, processData: false, dataType: "json" })
})

test.each([[{ a: 1 }, '{"a":1}'], [[], "[]"], [null, "null"], ["", '""']])("the body %j travels as %j", (body, data) => {
  expect(jsonRequest("PATCH", body)).toMatchObject({ type: "PATCH", data, contentType: "application/json" })
})
