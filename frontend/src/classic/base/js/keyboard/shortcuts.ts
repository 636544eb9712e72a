/** Shortcut texts: `cmdtrl-shift-p`, `d,d`. One normal form for each, from text and from key events. */
import { platform } from "../utils/platform"
import { inv_keycodes, keycodes } from "./keycodes"

const MODIFIERS = ["alt", "ctrl", "meta", "shift"] as const

interface KeyEvent {
  which?: number
  keyCode?: number
  altKey?: boolean
  ctrlKey?: boolean
  metaKey?: boolean
  shiftKey?: boolean
  type?: string
}

/** The name that shortcuts use for `key`; a name that nobody knows stays as it is, in lower case. */
export function normalize_key(key: string): string {
  const lower = key.toLowerCase()
  const code = keycodes[lower]
  return code === undefined ? lower : (inv_keycodes[code] ?? lower)
}

/* `-` joins and `,` separates, so as keys they get names before the text is cut. */
function spellOut(shortcut: string): string {
  return shortcut
    .toLowerCase()
    .trim()
    .replace(/cmdtrl/g, platform === "MacOS" ? "cmd" : "ctrl")
    .replace(/(^|[-,])-(?=,|$)/g, "$1minus")
    .replace(/(^|-),(?=,|$)/g, "$1comma")
}

function normalizeStep(step: string): string {
  const keys = step.split("-").filter((key) => key !== "").map(normalize_key)
  const modifiers = MODIFIERS.filter((name) => keys.includes(name))
  const others = keys.filter((key) => !(MODIFIERS as readonly string[]).includes(key))
  return [...modifiers, ...others].join("-")
}

/** The normal form: lower case, platform's modifiers, sorted; the steps of a sequence separated by `,`. */
export function normalize_shortcut(shortcut: string): string {
  return spellOut(shortcut).split(",").map((step) => normalizeStep(step.trim())).join(",")
}

/** A key event that types the (single-step) shortcut; for tests and for scripts. */
export function shortcut_to_event(shortcut: string, type = "keydown"): Required<KeyEvent> {
  const keys = normalize_shortcut(shortcut).split("-")
  const key = keys.find((name) => !(MODIFIERS as readonly string[]).includes(name)) ?? keys[keys.length - 1] ?? ""
  const which = keycodes[key] ?? 0
  return {
    type, which, keyCode: which,
    altKey: keys.includes("alt"), ctrlKey: keys.includes("ctrl"), metaKey: keys.includes("meta"), shiftKey: keys.includes("shift"),
  }
}

/** Whether only a modifier is down. */
export function only_modifier_event(event: KeyEvent): boolean {
  return (MODIFIERS as readonly string[]).includes(inv_keycodes[event.which || event.keyCode || 0] ?? "")
}

/** The shortcut that a key event types: `ctrl-shift-minus`. */
export function event_to_shortcut(event: KeyEvent): string {
  const held = MODIFIERS.filter((name) => event[`${name}Key`])
  const key = inv_keycodes[event.which || event.keyCode || 0]
  const isModifier = key !== undefined && (held as string[]).includes(key)
  return [...held, ...(key === undefined || isModifier ? [] : [key])].join("-")
}
