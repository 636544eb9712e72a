import { expect, test, vi } from "vitest"
import { ContentsClient } from "../../src/contents/client"

function client() {
  const send = vi.fn(async (_method: string, _url: string, _body?: unknown, _tell?: unknown): Promise<unknown> => ({}))
  return { send, contents: new ContentsClient("/a@b/", send) }
}

test.each([
  ["", [], "/a@b/api/contents"],
  ["/x/", [], "/a@b/api/contents/x"],
  ["a b/ü#?%.ipynb", [], "/a@b/api/contents/a%20b/%C3%BC%23%3F%25.ipynb"],
  ["n.ipynb", ["checkpoints", "c-1"], "/a@b/api/contents/n.ipynb/checkpoints/c-1"],
])("the URL of %j with %j below it", (path, below, url) => {
  expect(client().contents.url(path, ...below)).toBe(url)
})

test("get asks only for what differs from the server's defaults", async () => {
  const { contents, send } = client()
  await contents.get("a")
  await contents.get("a", { type: "file", format: "text", content: false, hash: true })
  expect(send.mock.calls.map(([, url]) => url)).toEqual(["/a@b/api/contents/a", "/a@b/api/contents/a?type=file&format=text&content=0&hash=1"])
})

test("save sends the model with its precondition and asks for the new hash", async () => {
  const { contents, send } = client()
  const model = { type: "file", format: "text", content: "x", hash: "abc" } as const
  const tell = vi.fn()
  await contents.save("a.txt", model, tell)
  expect(send).toHaveBeenCalledWith("PUT", "/a@b/api/contents/a.txt?hash=1", model, tell)
})

test("every other operation has its method, URL and body", async () => {
  const { contents, send } = client()
  await contents.createUntitled("d", { type: "file", ext: ".py" })
  await contents.copy("a", "d")
  await contents.rename("a", "b")
  await contents.delete("a")
  await contents.trust("n.ipynb")
  await contents.createCheckpoint("a")
  await contents.listCheckpoints("a")
  await contents.restoreCheckpoint("a", "c")
  await contents.deleteCheckpoint("a", "c")
  expect(send.mock.calls.map(([method, url, body]) => [method, url.replace("/a@b/api/contents/", ""), body])).toEqual([
    ["POST", "d", { type: "file", ext: ".py" }],
    ["POST", "d", { copy_from: "a" }],
    ["PATCH", "a", { path: "b" }],
    ["DELETE", "a", undefined],
    ["POST", "n.ipynb/trust", undefined],
    ["POST", "a/checkpoints", undefined],
    ["GET", "a/checkpoints", undefined],
    ["POST", "a/checkpoints/c", undefined],
    ["DELETE", "a/checkpoints/c", undefined],
  ])
})
