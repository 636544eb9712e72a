import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { PROTOCOLS, emission, failure, services, settings, until } from "./server.mjs";

/** Run `code`; the iopub messages that belong to it, then the reply. */
async function run(kernel, code, options = {}) {
  const messages = [];
  const future = kernel.requestExecute({ code, ...options });
  future.onIOPub = (message) => messages.push(message);
  const reply = await future.done;
  return { messages, reply: reply.content };
}

const printed = ({ messages }) =>
  messages.filter(({ header }) => header.msg_type === "stream").map(({ content }) => content.text).join("");

for (const [protocol, name] of Object.keys(PROTOCOLS).map((key) => [key, key || "legacy"])) {
  describe(`a kernel over ${name}`, () => {
    const manager = new services.KernelManager({ serverSettings: settings(protocol) });
    let kernel;

    before(async () => {
      await manager.ready;
      kernel = await manager.startNew({ name: "python3" });
      assert.equal((await kernel.info).status, "ok");
    });
    after(async () => {
      await kernel.shutdown();
      manager.dispose();
    });

    test("is listed while it runs", async () => {
      await manager.refreshRunning();
      assert.ok([...manager.running()].some(({ id }) => id === kernel.id));
    });

    test("answers with output, result and error, in order", async () => {
      const done = await run(kernel, "print('a'); print('b')\n6 * 7");
      assert.equal(printed(done), "a\nb\n");
      assert.equal(done.reply.status, "ok");
      const result = done.messages.find(({ header }) => header.msg_type === "execute_result");
      assert.equal(result.content.data["text/plain"], "42");
      assert.equal((await run(kernel, "1/0")).reply.ename, "ZeroDivisionError");
    });

    test("loses nothing of 2,000 outputs", async () => {
      const done = await run(kernel, "from IPython.display import display\nfor i in range(2000): display(i)");
      const shown = done.messages.filter(({ header }) => header.msg_type === "display_data");
      assert.deepEqual(shown.map(({ content }) => Number(content.data["text/plain"])), [...Array(2000).keys()]);
    });

    test("completes, inspects and tells its history", async () => {
      const completion = await kernel.requestComplete({ code: "pri", cursor_pos: 3 });
      assert.ok(completion.content.matches.includes("print"));
      const inspection = await kernel.requestInspect({ code: "len", cursor_pos: 3, detail_level: 0 });
      assert.equal(inspection.content.found, true);
      const history = await kernel.requestHistory({ hist_access_type: "tail", n: 1, output: false, raw: true });
      assert.equal(history.content.status, "ok");
    });

    test("asks for input and gets it", async () => {
      const future = kernel.requestExecute({ code: "print('hello', input('name: '))" });
      const lines = [];
      future.onIOPub = ({ header, content }) => header.msg_type === "stream" && lines.push(content.text);
      future.onStdin = (message) => {
        assert.equal(message.content.prompt, "name: ");
        kernel.sendInputReply({ status: "ok", value: "Ada" }, message.header);
      };
      assert.equal((await future.done).content.status, "ok");
      assert.match(lines.join(""), /hello Ada/);
    });

    test("talks over comms in both directions, with buffers", async () => {
      const code = `
def opened(comm, message):
    @comm.on_msg
    def _(message):
        comm.send({"size": len(message["buffers"][0])}, buffers=[bytes(message["buffers"][0])[::-1]])
get_ipython().kernel.comm_manager.register_target("echo", opened)`;
      assert.equal((await run(kernel, code)).reply.status, "ok");
      const comm = kernel.createComm("echo");
      const answered = new Promise((resolve) => (comm.onMsg = resolve));
      await comm.open({}).done;
      comm.send({}, {}, [new Uint8Array([1, 2, 3])]);
      const message = await answered;
      assert.equal(message.content.data.size, 3);
      assert.deepEqual([...new Uint8Array(message.buffers[0].buffer ?? message.buffers[0])].slice(-3), [3, 2, 1]);
      await comm.close().done;
    });

    test("is interrupted", async () => {
      const future = kernel.requestExecute({ code: "import time\nprint('go')\nwhile True: time.sleep(0.01)" });
      await new Promise((resolve) => (future.onIOPub = ({ header }) => header.msg_type === "stream" && resolve()));
      await kernel.interrupt();
      assert.equal((await future.done).content.ename, "KeyboardInterrupt");
    });

    test("comes back on a new socket with what it missed", async () => {
      const future = kernel.requestExecute({
        code: "import time\nprint(0, flush=True)\nfor i in range(1, 20): time.sleep(0.05); print(i, flush=True)",
      });
      const lines = [];
      const begun = new Promise((resolve) => {
        future.onIOPub = ({ header, content }) => {
          if (header.msg_type !== "stream") return;
          lines.push(content.text);
          resolve();
        };
      });
      await begun;
      const back = emission(kernel.connectionStatusChanged, (status) => status === "connected", "the new connection");
      kernel._ws.terminate(); // as a network does that is gone
      await back;
      await future.done;
      assert.deepEqual(lines.join("").trim().split("\n").map(Number), [...Array(20).keys()]);
    });

    test("restarts and forgets", async () => {
      await run(kernel, "kept = 1");
      await kernel.restart();
      assert.equal((await run(kernel, "kept")).reply.ename, "NameError");
    });

    test("that dies comes back by itself, and says so", async () => {
      const restarting = emission(kernel.statusChanged, (status) => status.endsWith("restarting"), "the notice");
      kernel.requestExecute({ code: "import os; os._exit(1)" }).done.catch(() => {});
      await restarting;
      await until(() => kernel.status === "idle", "an idle kernel");
      assert.equal((await run(kernel, "1")).reply.status, "ok");
    });

    test("is shared: a second client sees outputs, not replies", async () => {
      const other = manager.connectTo({ model: kernel.model });
      await other.info;
      const seen = [];
      other.anyMessage.connect((_sender, { msg, direction }) => direction === "recv" && seen.push(msg));
      await run(kernel, "print('for all')");
      await until(() => seen.some(({ content }) => content.text === "for all\n"), "the other's output");
      assert.ok(!seen.some(({ header }) => header.msg_type === "execute_reply"));
      other.dispose();
    });
  });
}

test("unknown kernels and specs are refused", async () => {
  const manager = new services.KernelManager({ serverSettings: settings() });
  await manager.ready;
  assert.ok((await failure(() => manager.startNew({ name: "no such kernel" }))) >= 400);
  assert.equal(await manager.findById("00000000-0000-4000-8000-000000000000"), undefined);
  manager.dispose();
});
