import assert from "node:assert/strict";
import { test } from "node:test";
import { emission, failure, services, settings } from "./server.mjs";

const drive = new services.Drive({ serverSettings: settings() });
const contents = new services.ContentsManager({ defaultDrive: drive, serverSettings: settings() });

test("a notebook is made, filled, saved, read back and renamed", async () => {
  const made = await contents.newUntitled({ type: "notebook" });
  assert.match(made.path, /^Untitled\d*\.ipynb$/);
  const { content } = await contents.get(made.path, { type: "notebook", content: true });
  content.cells.push({ cell_type: "code", id: "a", metadata: {}, source: "1 + 1\n2", outputs: [], execution_count: null });
  const saved = await contents.save(made.path, { type: "notebook", format: "json", content });
  assert.equal(saved.path, made.path);
  const changed = emission(contents.fileChanged, (args) => args.type === "rename", "the rename");
  const renamed = await contents.rename(made.path, "ünï #1 %20.ipynb");
  assert.equal((await changed).newValue.path, renamed.path);
  const back = await contents.get(renamed.path);
  assert.equal(back.content.cells[0].source, "1 + 1\n2");
  assert.equal(await failure(() => contents.get(made.path)), 404);
  await contents.delete(renamed.path);
});

test("text, bytes, and a file in pieces", async () => {
  await contents.save("notes.txt", { type: "file", format: "text", content: "zwölf\n" });
  assert.equal((await contents.get("notes.txt")).content, "zwölf\n");
  const bytes = Buffer.from([0, 255, 128, 10]).toString("base64");
  await contents.save("blob.bin", { type: "file", format: "base64", content: bytes });
  assert.equal((await contents.get("blob.bin", { format: "base64", content: true })).content.trim(), bytes);
  assert.equal(await failure(() => contents.get("blob.bin", { format: "text", content: true })), 400);
  for (const [chunk, piece] of [[1, "one "], [2, "two "], [-1, "three"]]) {
    const content = Buffer.from(piece).toString("base64");
    await contents.save("pieces.txt", { type: "file", format: "base64", content, chunk });
  }
  assert.equal((await contents.get("pieces.txt", { format: "text", content: true })).content, "one two three");
});

test("folders: listing, copies, conflicts, deletion", async () => {
  const folder = await contents.newUntitled({ type: "directory" });
  await contents.save(`${folder.path}/a.txt`, { type: "file", format: "text", content: "a" });
  const copy = await contents.copy(`${folder.path}/a.txt`, folder.path);
  assert.equal(copy.name, "a-Copy1.txt");
  const listed = await contents.get(folder.path);
  assert.deepEqual(listed.content.map((entry) => entry.name).sort(), ["a-Copy1.txt", "a.txt"]);
  assert.equal(await failure(() => contents.rename(copy.path, `${folder.path}/a.txt`)), 409);
  for (const { path } of listed.content) await contents.delete(path);
  await contents.delete(folder.path);
  assert.equal(await failure(() => contents.get(folder.path)), 404);
});

test("checkpoints bring an older text back", async () => {
  await contents.save("kept.txt", { type: "file", format: "text", content: "first" });
  const checkpoint = await contents.createCheckpoint("kept.txt");
  await contents.save("kept.txt", { type: "file", format: "text", content: "second" });
  assert.deepEqual((await contents.listCheckpoints("kept.txt")).map(({ id }) => id), [checkpoint.id]);
  await contents.restoreCheckpoint("kept.txt", checkpoint.id);
  assert.equal((await contents.get("kept.txt")).content, "first");
  await contents.deleteCheckpoint("kept.txt", checkpoint.id);
  assert.deepEqual(await contents.listCheckpoints("kept.txt"), []);
});

test("the download address serves the bytes", async () => {
  await contents.save("kept.txt", { type: "file", format: "text", content: "down" });
  const url = await contents.getDownloadUrl("kept.txt");
  const answer = await fetch(url, { headers: { Authorization: `token ${settings().token}` } });
  assert.equal(await answer.text(), "down");
});
