import assert from "node:assert/strict";
import { test } from "node:test";
import { emission, services, settings, until } from "./server.mjs";

const serverSettings = settings();

test("kernelspecs name a default that exists, and its pictures load", async () => {
  const manager = new services.KernelSpecManager({ serverSettings });
  await manager.ready;
  const spec = manager.specs.kernelspecs[manager.specs.default];
  assert.equal(spec.language, "python");
  for (const url of Object.values(spec.resources)) {
    const address = new URL(url, serverSettings.baseUrl);
    const answer = await fetch(address, { headers: { Authorization: `token ${serverSettings.token}` } });
    assert.equal(answer.status, 200, String(address));
  }
  manager.dispose();
});

test("config sections are merged, and a null deletes", async () => {
  const section = await services.ConfigSection.create({ name: "clients", serverSettings });
  await section.update({ a: { b: 1, c: 2 } });
  assert.deepEqual(await section.update({ a: { b: null } }), { a: { c: 2 } });
  const again = await services.ConfigSection.create({ name: "clients", serverSettings });
  assert.deepEqual(again.data, { a: { c: 2 } });
});

test("a terminal echoes, is found again, and ends", async () => {
  const manager = new services.TerminalManager({ serverSettings });
  await manager.ready;
  assert.ok(manager.isAvailable());
  const terminal = await manager.startNew();
  let text = "";
  terminal.messageReceived.connect((_sender, message) => {
    if (message.type === "stdout") text += message.content.join("");
  });
  terminal.send({ type: "set_size", content: [30, 100, 600, 800] });
  terminal.send({ type: "stdin", content: ["echo sum=$((20+22))\r"] });
  await until(() => text.includes("sum=42"), "the echo");
  const other = manager.connectTo({ model: { name: terminal.name } });
  let replay = "";
  other.messageReceived.connect((_sender, message) => {
    if (message.type === "stdout") replay += message.content.join("");
  });
  await until(() => replay.includes("sum=42"), "the replay for a second client");
  const gone = emission(other.disposed, () => true, "the end");
  terminal.send({ type: "stdin", content: ["exit\r"] });
  await gone;
  await until(async () => {
    await manager.refreshRunning();
    return ![...manager.running()].some(({ name }) => name === terminal.name);
  }, "the terminal to be gone");
  manager.dispose();
});

test("an event that one client emits reaches another", async () => {
  const [speaker, listener] = [1, 2].map(() => new services.EventManager({ serverSettings }));
  const schema_id = "https://events.jupyter.org/jupyter_server/contents_service/v1";
  const heard = emission(listener.stream, (event) => event.path === "from-a-client.ipynb", "the event");
  await until(() => listener._socket?.readyState === 1, "an open socket");
  await new Promise((resolve) => setTimeout(resolve, 200)); // the listener may sit at the other worker
  await speaker.emit({ schema_id, version: "1", data: { action: "get", path: "from-a-client.ipynb" } });
  assert.equal((await heard).schema_id, schema_id);
  speaker.dispose();
  listener.dispose();
});

test("the server's own events are heard", async () => {
  const listener = new services.EventManager({ serverSettings });
  await until(() => listener._socket?.readyState === 1, "an open socket");
  const contents = new services.ContentsManager({ serverSettings });
  const heard = emission(listener.stream, (event) => event.action === "save" && event.path === "heard.txt", "the save");
  await contents.save("heard.txt", { type: "file", format: "text", content: "" });
  await heard;
  listener.dispose();
});

test("the visitor has a name, and exporters are listed", async () => {
  // the user manager needs a browser's storage; this is what it asks
  const { identity, permissions } = await new services.UserAPI.UserAPIClient({ serverSettings }).get();
  assert.ok(identity.username);
  assert.equal(typeof permissions, "object");
  const exporters = await new services.NbConvertManager({ serverSettings }).getExportFormats();
  assert.equal(exporters.html.output_mimetype, "text/html");
});
