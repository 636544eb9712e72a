/** Files kept in a cell: name → mime type → base64. Pure. */

export type Attachment = Record<string, string>
export type Attachments = Record<string, Attachment>

/** `name` split before its last dot; a dot at the beginning is part of the stem. */
function splitExtension(name: string): [string, string] {
  const dot = name.lastIndexOf(".")
  return dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ""]
}

function hasSame(attachments: Attachments, key: string, wanted: Attachment): boolean {
  const kept = Object.hasOwn(attachments, key) ? (attachments[key] as unknown) : undefined
  const values = typeof kept === "object" && kept !== null ? Object.values(kept) : []
  return Object.values(wanted).some((base64) => values.includes(base64))
}

/** A key for `wanted` under which no other file is kept: `name`, or `name-1`, `name-2`, … before the extension. The same file keeps its key. */
export function freeKey(attachments: Attachments, name: string, wanted: Attachment): string {
  const [stem, extension] = splitExtension(name)
  for (let number = 0; ; number += 1) {
    const key = number === 0 ? name : `${stem}-${number}${extension}`
    if (!Object.hasOwn(attachments, key) || hasSame(attachments, key, wanted)) return key
  }
}

/** A name that Markdown can carry as an address: percent-encoded, its parentheses too. */
export function markdownKey(name: string): string {
  return encodeURIComponent(name.replace(/\p{Surrogate}/gu, "\ufffd")).replace(/[()]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)
}

/** The key for a picture from the clipboard, which has no name: `_auto_0`, `_auto_1`, … */
export function autoKey(attachments: Attachments, wanted: Attachment): string {
  for (let number = 0; ; number += 1) {
    const key = `_auto_${number}`
    if (!Object.hasOwn(attachments, key) || hasSame(attachments, key, wanted)) return key
  }
}

/** `attachments` and `added`; where two files want one name, the one that came later gets a number. */
export function joinAttachments(attachments: Attachments, added: Attachments): Attachments {
  const joined = { ...attachments }
  for (const [name, file] of Object.entries(added)) joined[freeKey(joined, name, file)] = file
  return joined
}
