/** Sets up the page's AMD loader: where ids without a module of ours are looked for. */
import { distrustedNames } from "../classic/base/js/utils/modulenames"
import { baseUrl } from "../page/bodydata"

declare const BUILD_ID: string
declare const CODEMIRROR_FOLDER: string
declare const MATHJAX_FOLDER: string

/** Address of a built file. Every built script lies in this folder, so the server need not tell it, wherever the page is mounted. */
export function buildUrl(path: string): string {
  return new URL(path, new URL("./", import.meta.url)).href
}

/** Path prefixes; the addresses of nbextensions, custom files and kernelspecs follow the mount. */
export function amdPaths(base_url: string): Record<string, string> {
  return {
    nbextensions: `${base_url}nbextensions`,
    custom: `${base_url}custom`,
    "custom-preload": `${base_url}custom/custom-preload`,
    kernelspecs: `${base_url}kernelspecs`,
    codemirror: buildUrl(CODEMIRROR_FOLDER),
  }
}

/* Of everything that extensions load, the files of one build have one address, and those of the next another. */
function versionArgument(_id: string, url: string): string {
  return `${url.includes("?") ? "&" : "?"}v=${BUILD_ID}`
}

const LOAD_TIMEOUT_S = 30

/**
 * Libraries take a page that has `exports` and `module` for Node and hand themselves to nobody; and an element with such
 * an id, as the heading "# exports" has one, is a member of `window` as long as that has none of its own.
 */
export function ownNodeNames(): void {
  for (const name of ["exports", "module"]) {
    if (!Object.hasOwn(window, name)) Object.defineProperty(window, name, { configurable: true, writable: true, value: undefined })
  }
}

/** The user's `custom/custom`, where the server knows that there is none. */
function defineNoCustom(): void {
  if (document.body.dataset["custom"] !== "none") return
  const { define } = window as unknown as { define: RequireDefine }
  define("custom/custom", [], () => ({}))
}

interface LoaderContext {
  makeModuleMap(name: string, parent: null, isNormalized: boolean, applyMap: boolean): { url: string }
  completeLoad(id: string): void
}

interface Loader {
  load(context: LoaderContext, id: string, url: string): void
}

/** Have `loader` (requirejs) take for empty what a notebook's widgets name and is not installed, instead of loading it. */
export function refuseDistrusted(loader: Loader): void {
  const load = loader.load.bind(loader)
  loader.load = (context, id, url) => {
    const isDistrusted = [...distrustedNames()].some((name) => context.makeModuleMap(name, null, false, true).url === url)
    if (!isDistrusted) return load(context, id, url)
    console.error(`“${id}”, which this notebook's widgets name, is not the name of an installed module`)
    setTimeout(() => context.completeLoad(id), 0)
  }
}

/** Configure requirejs, and tell the page where our MathJax lies unless the server names another. */
export function prepareAmd(): void {
  ownNodeNames()
  window.requirejs.config({
    baseUrl: `${baseUrl()}static/`,
    paths: amdPaths(baseUrl()),
    map: { "*": { contents: "services/contents", "components/codemirror": "codemirror" } },
    urlArgs: versionArgument as unknown as string,
    waitSeconds: LOAD_TIMEOUT_S,
  })
  refuseDistrusted(window.requirejs as unknown as Loader)
  defineNoCustom()
  document.body.dataset["mathjaxUrl"] ??= buildUrl(`${MATHJAX_FOLDER}/formulas.js`)
  Object.assign(window, { mathjax_url: document.body.dataset["mathjaxUrl"] })
}
