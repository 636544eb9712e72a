// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { Contents, DirectoryNotEmptyError } from "../../../src/classic/services/contents"

const contents = new Contents({ base_url: "/nb/" })
const fetched = vi.fn()

function answer(status: number, body: string, statusText = ""): void {
  fetched.mockImplementation(async () => new Response(status === 204 ? null : body, { status, statusText }))
}

beforeEach(() => {
  document.cookie = "_xsrf=2|abc"
  vi.stubGlobal("fetch", fetched.mockReset())
})
afterEach(() => vi.unstubAllGlobals())

test("requests carry the XSRF header and JSON", async () => {
  answer(201, '{"path":"untitled.txt"}')
  expect(await contents.new_untitled("", { type: "file", ext: ".txt" })).toEqual({ path: "untitled.txt" })
  const [url, request] = fetched.mock.calls[0] as [string, RequestInit]
  expect(url).toBe("/nb/api/contents")
  expect(request).toMatchObject({ method: "POST", body: '{"type":"file","ext":".txt"}' })
  expect(request.headers).toMatchObject({ "X-XSRFToken": "2|abc", "Content-Type": "application/json" })
})

test("a file is read with its hash, a folder without", async () => {
  answer(200, "{}")
  await contents.get("a.txt", { type: "file" })
  await contents.list_contents("d")
  expect(fetched.mock.calls.map(([url]) => url as string)).toEqual(["/nb/api/contents/a.txt?type=file&hash=1", "/nb/api/contents/d?type=directory"])
})

test("a file that changed on disk is an error with status 409", async () => {
  answer(409, '{"message":"a.txt changed on disk"}', "Conflict")
  await expect(contents.save("a.txt", { type: "file", hash: "old" })).rejects.toMatchObject({
    status: 409,
    message: "a.txt changed on disk",
    xhr: { status: 409, responseJSON: { message: "a.txt changed on disk" } },
    xhr_error: "Conflict",
  })
})

test("a folder with entries is its own kind of error, another refusal keeps its words", async () => {
  answer(400, '{"message":"Directory d not empty"}')
  await expect(contents.delete("d")).rejects.toBeInstanceOf(DirectoryNotEmptyError)
  answer(400, '{"message":"Can\'t delete root"}')
  await expect(contents.delete("")).rejects.toMatchObject({ message: "Can't delete root" })
  expect(Contents.DirectoryNotEmptyError).toBe(DirectoryNotEmptyError)
})

test.each([
  ["plain text", "file or directory '/x' does not exist", "file or directory '/x' does not exist"],
  ["an HTML page", "<!DOCTYPE html><h1>Bad Gateway</h1>", "Bad Gateway (502)"],
  ["nothing", "", "Bad Gateway (502)"],
])("a refusal with %s has a message for people", async (_what, body, message) => {
  answer(502, body, "Bad Gateway")
  await expect(contents.get("x")).rejects.toMatchObject({ message })
})

test("a server that cannot be reached is said so", async () => {
  fetched.mockRejectedValue(new TypeError("Failed to fetch"))
  await expect(contents.get("x")).rejects.toMatchObject({ status: 0, message: "The server cannot be reached. Is it still running?" })
})

test("an empty answer is no error", async () => {
  answer(204, "")
  await expect(contents.delete("x")).resolves.toBeUndefined()
})

test("api_url escapes each part", () => {
  expect(contents.api_url("a b", "c.ipynb")).toBe("/nb/api/contents/a%20b/c.ipynb")
})
