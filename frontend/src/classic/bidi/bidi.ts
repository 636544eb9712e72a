/** `bidi/bidi`: text in languages that are written from right to left. */
import { shapeNumerals } from "./numericshaping"

const MIRRORED_LANGUAGES = ["ar", "fa", "he", "ur", "yi"]

const language = (): string => (document.documentElement.lang || navigator.language || "en").toLowerCase()

/** Whether the page is laid out from right to left. */
export function isMirroringEnabled(): boolean {
  return document.body.dir === "rtl" || MIRRORED_LANGUAGES.includes(language().split("-")[0] ?? "")
}

/** `value` with the digits of the page's language. */
export function applyBidi(value: unknown): string {
  return shapeNumerals(value, language())
}

/** Have dates speak the page's language. Resolves with the language. */
export function loadLocale(): Promise<string> {
  const wanted = language()
  return new Promise((resolve, reject) => {
    window.requirejs(["moment"], (moment: { locale(name: string): string }) => resolve(moment.locale(wanted)), reject)
  })
}
