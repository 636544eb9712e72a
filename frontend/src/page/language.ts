/** The reader's language, as far as it turns the page round. */
import { pageLanguage } from "../i18n/words"

/* Languages written from right to left. */
const RIGHT_TO_LEFT = ["ar", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "syr", "ug", "ur", "yi"]

/** The writing direction of a language tag: `he-IL` → `rtl`. Pure. */
export function directionOfLanguage(tag: string): "ltr" | "rtl" {
  const language = tag.toLowerCase().split("-")[0] ?? ""
  return RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr"
}

/** Lay the page out as its words are read; a page in English, which may be so for want of better, as the browser's user reads. */
export function followDirection(tag: string = pageLanguage() === "en" ? navigator.language : pageLanguage()): void {
  document.body.dir = directionOfLanguage(tag)
}
