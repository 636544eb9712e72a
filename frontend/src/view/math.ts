/** Sets formulas with MathJax, which is loaded from this server when the first formula appears and never before. */

import { calm, isCalm } from "./calm"
import { whenNearToStay } from "./nearby"
import { reprocess, type MathDocument } from "./math_reprocessing"
import { secureLink } from "./sanitize"
import { nextPaint } from "./slices"
import { _ } from "../i18n/words"

/** What we use of MathJax 4 once it has loaded. */
interface MathJaxApi {
  version?: string
  startup: { promise: Promise<void>; document: MathDocument }
  typesetPromise(elements: readonly Element[]): Promise<void>
  typesetClear(elements?: readonly Element[]): void
  texReset?(start?: number): void
  Hub?: MathHub
  InputJax?: typeof INPUT_JAX
}

/** A job of the old queue: a function, or `["Name", object, ...arguments]`. */
export type HubJob = (() => unknown) | readonly unknown[]

/** The part of MathJax 2's `Hub` that extensions call, answered by the current MathJax. */
export interface MathHub {
  Queue(...jobs: HubJob[]): void
  Config(settings: unknown): void
  Configured(): void
  Typeset(element?: Element | null, done?: () => void): Promise<void>
  PreProcess(): void
  Reprocess(): Promise<void>
  Register: { StartupHook(name: string, hook: () => void): void }
}

type MathWindow = typeof window & { MathJax?: MathJaxApi | Record<string, unknown> }

/** A formula, or what may be one: TeX delimiters or environments. Prices in running text rarely have two of them. */
const MAYBE_MATH = /\$[^$]+\$|\\\(|\\\[|\\begin\s*\{/
/**
 * Packages that a formula may load, by name or by using one of their commands. Their attributes pass the safe extension,
 * their links `secureFormulas`. Nothing else is loaded, and nothing by address.
 */
const REQUIRABLE = [
  "ams", "amscd", "bbox", "boldsymbol", "braket", "bussproofs", "cancel", "cases", "centernot", "color", "colortbl", "empheq",
  "enclose", "extpfeil", "gensymb", "html", "mathtools", "mhchem", "newcommand", "physics", "textcomp", "textmacros", "unicode",
  "units", "upgreek", "verb",
]
const LOAD_TIMEOUT_MS = 60_000
/** So long formulas are set without a pause; then the page is let answer its user, and the kernel. */
const SLICE_MS = 30
/** And so long with each frame while the user scrolls or types: the browser's own work and this together must not be felt. */
const SLICE_OF_FRAME_MS = 4
const SAFE_PROTOCOLS = new Set(["http:", "https:", "mailto:", "ftp:"])

const CONFIG = {
  // The font is released on its own; its number differs from the one that the program expects.
  loader: { load: ["input/tex", "input/mml", "output/chtml", "ui/safe", "a11y/assistive-mml"], versionWarnings: false },
  tex: {
    inlineMath: [["$", "$"], ["\\(", "\\)"]],
    displayMath: [["$$", "$$"], ["\\[", "\\]"]],
    processEscapes: true,
    processEnvironments: true,
    tags: "ams",
    maxMacros: 1_000,
    maxBuffer: 20 * 1024,
    require: { defaultAllow: false, allow: Object.fromEntries(REQUIRABLE.map((name) => [name, true])) },
  },
  output: { displayAlign: "center", displayOverflow: "linebreak" },
  options: {
    enableAssistiveMml: true,
    ignoreHtmlClass: "tex2jax_ignore|mathjax_ignore",
    processHtmlClass: "tex2jax_process|mathjax_process",
    skipHtmlTags: { "[+]": ["pre", "code", "textarea", "script", "style", "annotation", "svg"] },
    safeOptions: { allow: { URLs: "safe", classes: "none", cssIDs: "none", styles: "none" } },
  },
  startup: { typeset: false },
}

/** Our own file has no menu. That of a site's own MathJax stays away, as do speech and its megabytes: MathML serves screen readers. */
const OTHERS_OPTIONS = {
  enableMenu: false,
  // The settings of the menu win over the options of the same meaning, menu or not.
  menuOptions: { settings: { enrich: false, speech: false, braille: false, collapsible: false, assistiveMml: true } },
}
const OUR_FILE = /\/formulas\.js$/

let loading: Promise<MathJaxApi> | null = null
let queue: Promise<unknown> = Promise.resolve()
const hooks: (() => void)[] = []

const mathWindow = (): MathWindow => window as MathWindow

/** Whether the text of `element` holds what may be a formula. */
export function hasMath(element: Element): boolean {
  return MAYBE_MATH.test(element.textContent ?? "") || element.querySelector("math") !== null
}

function scriptLoaded(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script")
    const timer = window.setTimeout(() => reject(new Error(`MathJax did not load within ${LOAD_TIMEOUT_MS / 1000} s from ${url}`)), LOAD_TIMEOUT_MS)
    script.src = url
    script.async = true
    const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce
    if (nonce) script.nonce = nonce
    script.addEventListener("load", () => {
      clearTimeout(timer)
      resolve()
    })
    script.addEventListener("error", () => {
      clearTimeout(timer)
      reject(new Error(`MathJax could not be loaded from ${url}`))
    })
    document.head.append(script)
  })
}

async function loadMathJax(): Promise<MathJaxApi> {
  const url = document.body.dataset["mathjaxUrl"]
  if (!url) throw new Error("formulas are not set on this page: it names no MathJax (data-mathjax-url)")
  const before = mathWindow().MathJax as { Hub?: MathHub } | undefined
  const hub = before?.Hub ?? makeHub()
  // While the script loads, formulas go on being queued through the hub.
  const options = OUR_FILE.test(url) ? CONFIG.options : { ...CONFIG.options, ...OTHERS_OPTIONS }
  mathWindow().MathJax = { ...CONFIG, options, Hub: hub, InputJax: INPUT_JAX }
  await scriptLoaded(url)
  const api = mathWindow().MathJax as MathJaxApi
  api.Hub = hub
  api.InputJax = INPUT_JAX
  await api.startup.promise
  for (const hook of hooks.splice(0)) hook()
  return api
}

/** MathJax, loaded on first use. A failure is kept: one message, not one request per formula. */
function mathJax(): Promise<MathJaxApi> {
  loading ??= loadMathJax()
  return loading
}

/** Whether the server wants formulas to stay as they are written: it then names an empty address. */
function isSwitchedOff(): boolean {
  return document.body.dataset["mathjaxUrl"] === ""
}

/** What MathJax itself writes down beside a formula; its safe extension lets any other `data-toggle` of `\data` through. */
const DATA_OF_MATHJAX =
  /^data-(?:mjx|mml|latex|semantic|speech|braille|width-includes|vertical-align|overflow|frame-styles|break|align|array|padding|lineleading|thickness|offsets|maction|cramped|arrowhead|c$)/

function dropForeignData(element: Element): void {
  for (const part of element.querySelectorAll("mjx-container *")) {
    for (const name of part.getAttributeNames()) {
      if (name.startsWith("data-") && !DATA_OF_MATHJAX.test(name)) part.removeAttribute(name)
    }
  }
}

/** Links leave safely or not at all, and nothing of a formula commands the page. */
function secureFormulas(element: Element): void {
  dropForeignData(element)
  for (const link of element.querySelectorAll("mjx-container a, mjx-container [href]")) {
    const address = link.getAttribute("href") ?? link.getAttribute("xlink:href") ?? ""
    const isSafe = address.startsWith("#") || SAFE_PROTOCOLS.has(URL.parse(address, document.baseURI)?.protocol ?? "")
    if (isSafe) secureLink(link)
    else for (const name of ["href", "xlink:href"]) link.removeAttribute(name)
  }
}

function complain(element: Element, error: unknown): void {
  console.warn("Formulas were left as text.", error)
  if (!(element instanceof HTMLElement) || element.querySelector(".fnb-math-failed")) return
  const note = document.createElement("span")
  note.className = "fnb-math-failed"
  note.textContent = _("The formulas here are shown as TeX: MathJax is not available.")
  element.append(note)
}

let sliceBegan_ms = 0

/** Waits for other work of the page when formulas were set for long. */
async function letOthersWork(): Promise<void> {
  const rests = isCalm()
  if (performance.now() - sliceBegan_ms < (rests ? SLICE_MS : SLICE_OF_FRAME_MS)) return
  await (rests ? new Promise((resolve) => setTimeout(resolve)) : nextPaint())
  sliceBegan_ms = performance.now()
}

const DELIMITERS = /\$|\\\(|\\\[|\\begin\s*\{/g
/** So many delimiters may be set in one go. */
const AT_ONCE = 20
/** A reference finds its formula only where both are set together. */
const HAS_REFERENCES = /\\(?:label|ref|eqref)\b/

/** The parts of `element` that can be set one after the other, or only itself. A formula never reaches across elements. */
function partsOf(element: Element): Element[] {
  const delimiters = element.textContent?.match(DELIMITERS)?.length ?? 0
  if (delimiters === 0 && element.querySelector("math") === null) return []
  const isWhole = delimiters <= AT_ONCE || element.children.length === 0 || HAS_REFERENCES.test(element.textContent ?? "")
  const hasOwnMath = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.match(DELIMITERS))
  return isWhole || hasOwnMath ? [element] : [...element.children].flatMap(partsOf)
}

async function typesetNow(element: Element): Promise<void> {
  if (!hasMath(element)) return
  try {
    const api = await mathJax()
    const parts = partsOf(element)
    for (const [number, part] of parts.entries()) {
      await letOthersWork()
      if (!part.isConnected) continue
      if (number === 0) api.texReset?.() // each cell counts its formulas from 1
      await api.typesetPromise([part])
      secureFormulas(part)
    }
  } catch (error) {
    complain(element, error)
  }
}

/** A formula far away takes longer than a key may wait: it is set when nobody has done anything for so long. */
const REST_MS = 1000
/** What is far from the reader's eyes: element → set it now. */
const farAway = new Map<Element, () => void>()
let isIdleAsked = false

function askForIdleTime(): void {
  if (isIdleAsked || farAway.size === 0) return
  isIdleAsked = true
  void calm(REST_MS).then(() => {
    isIdleAsked = false
    const [next] = farAway.values()
    next?.()
    void queue.then(askForIdleTime)
  })
}

/** Call `begin` when `element` is near what the reader sees, and not only scrolled past, or when the page has nothing else to do. */
function inItsTime(element: Element, begin: () => void): void {
  const once = (): void => {
    stop()
    if (farAway.delete(element)) begin()
  }
  let stop = (): void => undefined
  farAway.set(element, once)
  stop = whenNearToStay(element, once)
  askForIdleTime()
}

/**
 * Set the formulas of `element`, soon where it is near what the reader sees, else in idle time. Never rejects: what cannot be set stays readable TeX.
 * The element must be in the document when its turn comes.
 */
export function typesetMath(element: Element): Promise<void> {
  if (!hasMath(element) || isSwitchedOff()) return Promise.resolve()
  return new Promise((resolve) => {
    inItsTime(element, () => {
      queue = queue.then(() => typesetNow(element)).then(resolve)
    })
  })
}

function runJob(job: HubJob): unknown {
  if (typeof job === "function") return job()
  const [method, target, ...rest] = job
  if (typeof method === "function") return (method as (...args: unknown[]) => unknown).apply(target, rest)
  const owner = target as Record<string, unknown> | null | undefined
  const named = owner?.[String(method)]
  // MathJax.InputJax and its kind are gone; a job that names a method nobody has is passed over.
  return typeof named === "function" ? (named as (...args: unknown[]) => unknown).apply(owner, rest) : undefined
}

function makeHub(): MathHub {
  return {
    Queue(...jobs) {
      for (const job of jobs) {
        queue = queue.then(() => runJob(job)).catch((error: unknown) => console.warn("A MathJax job failed.", error))
      }
    },
    Config() {
      // The settings of MathJax 2 have no counterpart here; refusing them would stop the extension that sends them.
    },
    Configured() {
      // There is nothing to wait for: MathJax starts by itself.
    },
    async Typeset(element, done) {
      await typesetNow(element ?? document.body)
      done?.()
    },
    PreProcess() {
      // Our formulas are found when they are set; there is no step of its own for it.
    },
    async Reprocess() {
      if (loading === null) return
      const api = await loading
      await reprocess(api.startup.document)
      secureFormulas(document.body)
    },
    Register: {
      StartupHook(_name, hook) {
        if (loading === null) hooks.push(hook)
        else void loading.then(hook, () => undefined)
      },
    },
  }
}

/* Formulas are numbered from one again; what was set keeps its number until it is set anew. */
const INPUT_JAX = {
  TeX: {
    resetEquationNumbers(): void {
      if (loading !== null) (mathWindow().MathJax as MathJaxApi).texReset?.()
    },
  },
}

/** Put `MathJax.Hub` on the window, so that `MathJax.Hub.Queue(["Typeset", MathJax.Hub, element])` works from the start. */
export function installHub(): void {
  const current = mathWindow().MathJax as { Hub?: MathHub } | undefined
  if (current instanceof Element || current === undefined || current === null) {
    mathWindow().MathJax = { Hub: makeHub(), InputJax: INPUT_JAX } as Record<string, unknown>
  } else {
    Object.assign(current, { Hub: current.Hub ?? makeHub(), InputJax: INPUT_JAX })
  }
}
