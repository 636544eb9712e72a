/** Text in, text or HTML out: escaping, terminal control characters, ANSI colours, numbers for people. */
import * as ansi from "../../../../model/ansi"

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" }

/** `text` made safe inside HTML. */
export function escape_html(text: unknown): string {
  return String(text).replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char)
}

const HEX = Array.from({ length: 256 }, (_none, byte) => byte.toString(16).padStart(2, "0"))
/** Asking the system costs more than everything else about an id: it is asked for many at once. */
const IDS_AT_ONCE = 64
const ID_BYTES = 16
let random = new Uint8Array(0)

function randomBytes(): Uint8Array {
  if (random.length === 0) random = crypto.getRandomValues(new Uint8Array(IDS_AT_ONCE * ID_BYTES))
  const bytes = random.subarray(0, ID_BYTES)
  random = random.subarray(ID_BYTES)
  return bytes
}

/** 32 hex digits, version-4 style, without dashes. */
export function uuid(): string {
  const bytes = randomBytes()
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return Array.from(bytes, (byte) => HEX[byte]).join("")
}

/** ANSI colours of already escaped text as spans with `ansi-*` classes. */
export function _ansispan(escaped: string): string {
  return ansi.ansiSpans(escaped)
}

/** Apply `\b`: each one takes the character before it. */
export function fixBackspace(text: string): string {
  return ansi.fixBackspace(text)
}

/** Apply `\r`: what follows overwrites the line from its start. */
export function fixCarriageReturn(text: string): string {
  return ansi.fixCarriageReturn(text)
}

/** Both of the above. */
export function fixOverwrittenChars(text: string): string {
  return ansi.fixOverwrittenChars(text)
}

/** Terminal text as HTML: escaped, coloured. */
export function fixConsole(text: string): string {
  return ansi.ansiToHtml(text)
}

/** Links around the URLs of already escaped text. */
export function autoLinkUrls(html: string): string {
  const url = /(^|\s|&quot;|&#39;|&lt;|\()((?:https?|ftp):\/\/(?:(?!&quot;|&#39;|&lt;|&gt;)[^\s<>)])+)/gi
  return html.replace(url, (_all, before: string, link: string) => {
    return `${before}<a target="_blank" rel="noopener noreferrer" href="${link}">${link}</a>`
  })
}

/** Split like `String.split` with a limit, but with what a group matched kept in the list, in every browser. */
export function regex_split(text: string, separator: RegExp | string, limit?: number): string[] {
  return text.split(separator as RegExp, limit)
}

/** Points of print to CSS pixels. */
export function points_to_pixels(points: number): number {
  return (points * 96) / 72
}

/** `1536` → `"1.54 kB"`. Bytes in powers of 1000. */
export function format_filesize(size_bytes: number | null | undefined): string {
  if (size_bytes === null || size_bytes === undefined) return ""
  const units = ["B", "kB", "MB", "GB", "TB"]
  const rounded = size_bytes < 999.5 ? Math.round(size_bytes) : Number(size_bytes.toPrecision(3)) // 999,950 bytes are 1.00 MB
  const power = Math.min(units.length - 1, rounded < 1 ? 0 : Math.floor(Math.log10(rounded) / 3))
  const value = rounded / 1000 ** power
  return `${Number(value.toPrecision(3))} ${units[power] ?? "B"}`
}

/** `data:<mime>;base64,<data>` → `[mime, data]`. Throws when it is none. */
export function parse_b64_data_uri(uri: string): [string, string] {
  const match = /^data:([^;,]*)(?:;[^;,]+)*;base64,(.*)$/s.exec(uri)
  if (!match) throw new Error("not a base64 data URI")
  return [match[1] ?? "", match[2] ?? ""]
}

/** Index in UTF-16 units → index in Unicode characters. */
export function js_idx_to_char_idx(index: number, text: string): number {
  return Array.from(text.slice(0, index)).length
}

/** Index in Unicode characters → index in UTF-16 units. */
export function char_idx_to_js_idx(index: number, text: string): number {
  return Array.from(text).slice(0, index).join("").length
}
