// The server under test, as JupyterLab's service client sees it: address and token come from the environment.
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const WebSocket = require("ws");

console.debug = () => {}; // the client tells of every socket it opens

require("@jupyterlab/coreutils").PageConfig.setOption("terminalsAvailable", "true"); // as JupyterLab's page says

export const services = require("@jupyterlab/services");
export const WAIT_MS = 20_000;

const baseUrl = process.env.FLASKNB_URL;
const token = process.env.FLASKNB_TOKEN;

/** A socket that offers no subprotocol: the legacy JSON frames. */
class LegacySocket extends WebSocket {
  constructor(url) {
    super(url);
  }
}

export const PROTOCOLS = { "v1.kernel.websocket.jupyter.org": WebSocket, "": LegacySocket };

/** Settings as JupyterLab makes them; `protocol` is a key of PROTOCOLS. */
export function settings(protocol = "v1.kernel.websocket.jupyter.org") {
  return services.ServerConnection.makeSettings({
    baseUrl,
    wsUrl: baseUrl.replace(/^http/, "ws"),
    token,
    appendToken: true,
    WebSocket: PROTOCOLS[protocol],
    fetch,
    Request,
    Headers,
    init: { cache: "no-store" },
  });
}

/** Wait until `condition()` holds; looks every 20 ms. */
export async function until(condition, what) {
  const end = Date.now() + WAIT_MS;
  while (Date.now() < end) {
    const value = await condition();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`waited in vain: ${what}`);
}

/** The first emission of a Lumino signal for which `matches(args)` holds. */
export function emission(signal, matches, what) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.disconnect(slot);
      reject(new Error(`waited in vain: ${what}`));
    }, WAIT_MS);
    function slot(_sender, args) {
      if (!matches(args)) return;
      clearTimeout(timer);
      signal.disconnect(slot);
      resolve(args);
    }
    signal.connect(slot);
  });
}

/** The status code of the answer that makes `call` fail. */
export async function failure(call) {
  try {
    await call();
  } catch (error) {
    return error.response?.status ?? assert.fail(`no answer of the server: ${error}`);
  }
  return assert.fail("the call succeeded");
}
