/** `bidi/numericshaping`: digits in the shapes of a language. */

/** Code points of the digit nought. */
const NOUGHTS: Readonly<Record<string, number>> = { ar: 0x0660, fa: 0x06f0, ur: 0x06f0 }

/** `value` as text, its digits in the shapes that readers of `language` know; other languages leave it as it is. */
export function shapeNumerals(value: unknown, language = ""): string {
  const nought = NOUGHTS[language.toLowerCase().split("-")[0] ?? ""]
  const text = String(value)
  return nought === undefined ? text : text.replace(/[0-9]/g, (digit) => String.fromCodePoint(nought + Number(digit)))
}
