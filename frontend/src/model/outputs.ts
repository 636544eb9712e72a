/** Outputs of a code cell as nbformat values: from messages, merging of streams, choice of the mime type to show. No DOM. */

import { appendOverwriting, fixOverwrittenChars } from "./ansi"

export type Metadata = Record<string, unknown>
export type MimeBundle = Record<string, unknown>

export interface StreamOutput {
  output_type: "stream"
  name: string
  text: string
}

export interface DisplayDataOutput {
  output_type: "display_data" | "update_display_data"
  data: MimeBundle
  metadata: Metadata
  transient?: { display_id?: string }
}

export interface ExecuteResultOutput {
  output_type: "execute_result"
  data: MimeBundle
  metadata: Metadata
  execution_count: number | null
  transient?: { display_id?: string }
}

export interface ErrorOutput {
  output_type: "error"
  ename: string
  evalue: string
  traceback: string[]
}

export interface UnknownOutput {
  output_type: string
  [key: string]: unknown
}

export type KnownOutput = StreamOutput | DisplayDataOutput | ExecuteResultOutput | ErrorOutput
export type Output = KnownOutput | UnknownOutput

export interface OutputMessage {
  header: { msg_type: string }
  content: Record<string, unknown>
}

const asRecord = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {}

/** A text of the notebook format, which may be one string or a list of them. Anything else is spelt out, not lost. */
export function joinText(value: unknown): string {
  if (typeof value === "string") return value
  if (Array.isArray(value)) return value.map((part) => (typeof part === "string" ? part : String(part))).join("")
  return value === undefined || value === null ? "" : String(value)
}

function displayOutput(outputType: string, content: Record<string, unknown>): Output {
  const output: UnknownOutput = {
    output_type: outputType,
    data: asRecord(content["data"]),
    metadata: asRecord(content["metadata"]),
  }
  if (outputType === "execute_result") output["execution_count"] = content["execution_count"] ?? null
  if (content["transient"]) output["transient"] = content["transient"]
  return output
}

/** The output that an iopub message announces. Unknown message types keep their content. */
export function outputFromMessage(message: OutputMessage): Output {
  const type = message.header.msg_type
  const content = asRecord(message.content)
  switch (type) {
    case "stream":
      return { output_type: "stream", name: String(content["name"] ?? "stdout"), text: joinText(content["text"]) }
    case "display_data":
    case "update_display_data":
    case "execute_result":
      return displayOutput(type, content)
    case "error":
      return {
        output_type: "error",
        ename: joinText(content["ename"]),
        evalue: joinText(content["evalue"]),
        traceback: Array.isArray(content["traceback"]) ? content["traceback"].map(joinText) : [],
      }
    default:
      return { ...content, output_type: type }
  }
}

export interface StreamMerge {
  /** The new text of the block that was last. */
  last: string
  /** The text of a new block after it; null when everything went into the last one. */
  next: string | null
}

/**
 * Join `text` to a stream block. A block above `chunkSize` characters is closed: its unfinished last line moves to the
 * new block, so that a carriage return still finds the line it rewrites.
 */
export function mergeStream(last: string, text: string, chunkSize: number): StreamMerge {
  if (last.length <= chunkSize) return { last: appendOverwriting(last, text), next: null }
  const lineStart = last.lastIndexOf("\n") + 1
  // One endless line cannot be parted; a new block would put a line break into it.
  if (lineStart === 0 && last.length <= 64 * chunkSize) return { last: appendOverwriting(last, text), next: null }
  if (lineStart === 0) return { last, next: fixOverwrittenChars(text) }
  return { last: last.slice(0, lineStart), next: appendOverwriting(last.slice(lineStart), text) }
}

/** Whether a value of this mime type is JSON rather than text. */
export function isJsonMime(mime: string): boolean {
  return /^application\/(.*\+)?json$/.test(mime)
}

/** The bundle with lists of lines joined, and without entries that are not what their mime type says. */
export function cleanBundle(bundle: MimeBundle, warn: (complaint: string) => void = () => undefined): MimeBundle {
  const clean: MimeBundle = {}
  for (const [mime, value] of Object.entries(bundle)) {
    if (isJsonMime(mime)) clean[mime] = value
    else if (typeof value === "string") clean[mime] = value
    else if (Array.isArray(value) && value.every((line) => typeof line === "string")) clean[mime] = value.join("")
    else warn(`The output's ${mime} is a ${value === null ? "null" : typeof value}, not text: it is not shown.`)
  }
  return clean
}

export interface MimeRules {
  /** Best first. */
  order: readonly string[]
  /** Types shown as they are, even when the output is not trusted. */
  safe: Readonly<Record<string, boolean>>
  isTrusted: boolean
}

export interface MimeChoice {
  mime: string
  mustSanitize: boolean
}

/** The mime types of `bundle` that may be shown, best first. Untrusted html is to be sanitised; what is not safe is left out. */
export function mimeChoices(bundle: MimeBundle, rules: MimeRules): MimeChoice[] {
  const choices: MimeChoice[] = []
  for (const mime of rules.order) {
    if (!Object.hasOwn(bundle, mime)) continue
    if (rules.isTrusted || rules.safe[mime] === true) choices.push({ mime, mustSanitize: false })
    else if (mime === "text/html") choices.push({ mime, mustSanitize: true })
  }
  return choices
}

/** Metadata that applies to one mime type: the general one, with the type's own on top. */
export function metadataFor(metadata: Metadata, mime: string): Metadata {
  const own = Object.hasOwn(metadata, mime) ? asRecord(metadata[mime]) : {}
  return { ...metadata, ...own }
}

/** Those entries of a file's list of outputs that are outputs at all. */
export function realOutputs(outputs: unknown): Output[] {
  return Array.isArray(outputs) ? outputs.filter((output): output is Output => output !== null && typeof output === "object") : []
}

/** The output as the file keeps it: `transient` belongs to the running page only. */
export function savedOutput(output: Output): Output {
  const { transient: _unsaved, ...saved } = output as UnknownOutput
  return saved
}

/** Characters that fit into one line of a narrow page; longer lines wrap. */
const NARROW_LINE = 40

/**
 * The most lines that these outputs can take, or Infinity where something other than plain text is among them.
 * Counting is much cheaper than measuring: a page of a thousand cells need not be laid out a thousand times.
 */
export function mostLines(outputs: readonly Output[]): number {
  let lines = 0
  for (const output of outputs) {
    if (output.output_type !== "stream") return Infinity
    for (const line of joinText((output as StreamOutput).text).split("\n")) lines += 1 + Math.floor(line.length / NARROW_LINE)
  }
  return lines
}
