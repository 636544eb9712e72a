/** Names of keys and their codes. Codes are `event.which`, because shortcuts are stored by these names for good. */
import { browser } from "../utils/platform"

function letters(): Record<string, number> {
  const codes = Array.from({ length: 26 }, (_unused, at) => [String.fromCharCode(97 + at), 65 + at] as const)
  return Object.fromEntries(codes)
}

function digits(): Record<string, number> {
  return Object.fromEntries(Array.from({ length: 10 }, (_unused, at) => [String(at), 48 + at] as const))
}

function functionKeys(): Record<string, number> {
  return Object.fromEntries(Array.from({ length: 15 }, (_unused, at) => [`f${at + 1}`, 112 + at] as const))
}

function numberPad(): Record<string, number> {
  const pad = Array.from({ length: 10 }, (_unused, at) => [`numpad${at}`, 96 + at] as const)
  return Object.fromEntries(pad)
}

const SHARED: Readonly<Record<string, number>> = {
  backspace: 8, tab: 9, enter: 13, shift: 16, ctrl: 17, alt: 18, capslock: 20, esc: 27, space: 32,
  pageup: 33, pagedown: 34, end: 35, home: 36, left: 37, up: 38, right: 39, down: 40, insert: 45, delete: 46,
  meta: 91, numlock: 144, "numpad*": 106, "numpad+": 107, "numpad-": 109, "numpad.": 110, "numpad/": 111,
  comma: 188, ".": 190, "/": 191, "`": 192, "[": 219, "\\": 220, "]": 221, "'": 222,
}

/* Firefox has codes of its own for three keys. */
const OF_MOST: Readonly<Record<string, number>> = { ";": 186, "=": 187, minus: 189 }
const OF_FIREFOX: Readonly<Record<string, number>> = { ";": 59, "=": 61, minus: 173 }

/** Other names under which a key may be written. */
const ALIASES: Readonly<Record<string, string>> = {
  return: "enter", escape: "esc", cmd: "meta", command: "meta", control: "ctrl", option: "alt",
  pgup: "pageup", pgdn: "pagedown", del: "delete", ins: "insert", "-": "minus", _: "minus", ",": "comma",
  "~": "`", "{": "[", "}": "]", "|": "\\", '"': "'", "<": "comma", ">": ".", "?": "/", ":": ";", "+": "=",
  "!": "1", "@": "2", "#": "3", $: "4", "%": "5", "^": "6", "&": "7", "*": "8", "(": "9", ")": "0",
  multiply: "numpad*", add: "numpad+", subtract: "numpad-", decimal: "numpad.", divide: "numpad/",
}

const CODES: Readonly<Record<string, number>> = {
  ...letters(), ...digits(), ...functionKeys(), ...numberPad(), ...SHARED,
  ...(browser[0] === "Firefox" ? OF_FIREFOX : OF_MOST),
}

/** Key name → code, aliases included. */
export const keycodes: Record<string, number> = {
  ...CODES,
  ...Object.fromEntries(Object.entries(ALIASES).map(([alias, name]) => [alias, CODES[name] ?? 0])),
}

/** Code → the one name that shortcuts use. Both sets of punctuation codes are understood everywhere. */
export const inv_keycodes: Record<number, string> = Object.fromEntries(
  [...Object.entries(OF_MOST), ...Object.entries(OF_FIREFOX), ...Object.entries(CODES), ["meta", 92], ["meta", 93], ["meta", 224]].map(
    ([name, code]) => [code, name],
  ),
)
