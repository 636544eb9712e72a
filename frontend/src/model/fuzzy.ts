/** How well a text fits what somebody typed to find it. Pure. */

/* Steps between the ways of fitting; within one way, an early and dense fit is better. */
const STARTS_WITH = 4
const HAS_WORDS = 3
const HAS_INITIALS = 2
const HAS_LETTERS = 1

function isSubsequence(letters: string, text: string): boolean {
  let at = 0
  for (const letter of letters) {
    const found = text.indexOf(letter, at)
    if (found < 0) return false
    at = found + 1
  }
  return true
}

function initials(text: string): string {
  return (text.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word.charAt(0)).join("")
}

/** Every word of `query` is in `text`, or its letters are the words' first ones, or come in their order. 0: it does not fit. */
export function matchScore(query: string, text: string): number {
  const wanted = query.toLowerCase().split(/\s+/).filter((word) => word !== "")
  const found = text.toLowerCase()
  if (wanted.length === 0) return HAS_LETTERS
  if (wanted.every((word) => found.includes(word))) return found.startsWith(wanted.join(" ")) ? STARTS_WITH : HAS_WORDS
  const letters = wanted.join("")
  if (isSubsequence(letters, initials(found))) return HAS_INITIALS
  return letters.length > 2 && isSubsequence(letters, found) ? HAS_LETTERS : 0
}
