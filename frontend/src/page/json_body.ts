/** The JSON text of a request's body, made in slices: while a large notebook is written out, its user goes on typing. */

/** So long one slice may last. */
const SLICE_MS = 12
/** Longer texts are written out in parts of so many characters. */
export const TEXT_PART_CHARS = 500_000

/** What `JSON.stringify(value)` says: a text, or for what took more than one slice a Blob of the same text. */
export function jsonBody(value: unknown): string | Promise<Blob> {
  const pieces = jsonPieces(value)
  const { text, isWhole } = takeSlice(pieces)
  return isWhole ? text : restOf(text, pieces)
}

/* As Blobs, so that each slice also carries the cost of its own UTF-8. */
async function restOf(first: string, pieces: Iterator<string>): Promise<Blob> {
  const parts = [new Blob([first])]
  for (let isWhole = false; !isWhole; ) {
    await turn()
    const slice = takeSlice(pieces)
    parts.push(new Blob([slice.text]))
    isWhole = slice.isWhole
  }
  return new Blob(parts, { type: "application/json" })
}

function takeSlice(pieces: Iterator<string>): { text: string; isWhole: boolean } {
  const end_ms = performance.now() + SLICE_MS
  const texts: string[] = []
  do {
    const { done, value } = pieces.next()
    if (done) return { text: texts.join(""), isWhole: true }
    texts.push(value)
  } while (performance.now() < end_ms)
  return { text: texts.join(""), isWhole: false }
}

/* Nobody types into a hidden page, and its timers are slow. */
function turn(): Promise<void> {
  return document.hidden ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve))
}

/* What stands between two brackets: entries that are still to be written. */
interface Level {
  entries: Iterator<[string, unknown]>
  isArray: boolean
  isEmpty: boolean
}

/** Joined, these are `JSON.stringify(value)`. */
export function* jsonPieces(value: unknown): Generator<string> {
  if (!isContainer(value)) return yield* textOf(value)
  const levels: Level[] = [levelOf(value)]
  yield opening(value)
  for (let level = levels.at(-1); level; level = levels.at(-1)) {
    const { done, value: entry } = level.entries.next()
    if (done) {
      yield level.isArray ? "]" : "}"
      levels.pop()
      continue
    }
    const [name, inner] = entry
    const before = `${level.isEmpty ? "" : ","}${level.isArray ? "" : `${JSON.stringify(name)}:`}`
    level.isEmpty = false
    if (isContainer(inner)) {
      yield before + opening(inner)
      levels.push(levelOf(inner))
    } else {
      yield before
      yield* textOf(inner)
    }
  }
}

function levelOf(value: object): Level {
  const isArray = Array.isArray(value)
  // a list writes null for what JSON has no word for; an object leaves it out
  const entries = Object.entries(value).filter(([, inner]) => isArray || isWritten(inner))
  return { entries: (isArray ? Array.from(value, (inner, index): [string, unknown] => [String(index), inner]) : entries)[Symbol.iterator](), isArray, isEmpty: true }
}

function opening(value: object): string {
  return Array.isArray(value) ? "[" : "{"
}

/* Small ones are written at once: most of a notebook's objects have a handful of names and no depth. */
function isContainer(value: unknown): value is object {
  if (typeof value !== "object" || value === null || "toJSON" in value) return false
  return Object.values(value).some((inner) => (typeof inner === "object" && inner !== null) || isLong(inner))
}

function isLong(value: unknown): value is string {
  return typeof value === "string" && value.length > TEXT_PART_CHARS
}

function isWritten(value: unknown): boolean {
  return value !== undefined && typeof value !== "function" && typeof value !== "symbol"
}

function* textOf(value: unknown): Generator<string> {
  if (!isLong(value)) return yield JSON.stringify(value) ?? "null"
  yield '"'
  for (let start = 0; start < value.length; ) {
    const end = endOfPart(value, start + TEXT_PART_CHARS)
    yield JSON.stringify(value.slice(start, end)).slice(1, -1)
    start = end
  }
  yield '"'
}

/* Two halves of one character must not be written apart. */
function endOfPart(text: string, end: number): number {
  const code = text.charCodeAt(end - 1)
  return code >= 0xd800 && code <= 0xdbff ? end - 1 : end
}
