import assert from "node:assert/strict";
import { after, test } from "node:test";
import { emission, failure, services, settings } from "./server.mjs";

const serverSettings = settings();
const kernelManager = new services.KernelManager({ serverSettings });
const sessions = new services.SessionManager({ kernelManager, serverSettings });

after(async () => {
  await sessions.shutdownAll();
  sessions.dispose();
  kernelManager.dispose();
});

test("a session is made, found by path, renamed, given another kernel, and ended", async () => {
  await sessions.ready;
  const session = await sessions.startNew({ path: "work.ipynb", type: "notebook", name: "work", kernel: { name: "python3" } });
  assert.equal((await sessions.findByPath("work.ipynb")).id, session.id);
  assert.equal((await session.kernel.info).status, "ok");
  await session.setPath("moved.ipynb");
  await session.setName("moved");
  await session.setType("console");
  await sessions.refreshRunning();
  const found = await sessions.findById(session.id);
  assert.deepEqual([found.path, found.name, found.type], ["moved.ipynb", "moved", "console"]);
  const first = session.kernel.id;
  const second = await session.changeKernel({ name: "python3" });
  assert.notEqual(second.id, first);
  assert.equal(await second.requestExecute({ code: "1" }).done.then(({ content }) => content.status), "ok");
  const ended = emission(sessions.runningChanged, (models) => models.length === 0, "no session");
  await session.shutdown();
  await ended;
});

test("the same path is the same session, and its kernel the same", async () => {
  const one = await sessions.startNew({ path: "same.ipynb", type: "notebook", name: "", kernel: { name: "python3" } });
  const two = await sessions.startNew({ path: "same.ipynb", type: "notebook", name: "", kernel: { name: "python3" } });
  assert.equal(one.id, two.id);
  assert.equal(one.kernel.id, two.kernel.id);
});

test("a kernel nobody has is an error", async () => {
  const wanted = { path: "x.ipynb", type: "notebook", name: "", kernel: { name: "no such kernel" } };
  assert.equal(await failure(() => sessions.startNew(wanted)), 501);
});
