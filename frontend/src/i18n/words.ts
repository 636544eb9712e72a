/** Our own words in the language of the page. `make messages` collects what stands in `_()`, `counted()` and `mark()`. */
import { Messages, type MessagesOptions } from "./messages"
import { sprintf } from "./sprintf"

export const DOMAIN = "nbjs"

/* A script before ours brings the catalogue of the page's language; a worker has no document and speaks English. */
interface Holder {
  nbjs_translations?: MessagesOptions
}
const holder = (globalThis as { document?: Holder }).document ?? {}
holder.nbjs_translations ??= { domain: DOMAIN, locale_data: { [DOMAIN]: { "": { domain: DOMAIN, lang: "en" } } } }

export const messages = new Messages(holder.nbjs_translations)

/** `text` in the language of the page, `values` in its `%s`, `%d` or `%1$s`. */
export function _(text: string, ...values: unknown[]): string {
  const said = messages.gettext(text)
  return values.length > 0 ? sprintf(said, ...values) : said
}

/** The form for `count` things: `counted("%d cell", "%d cells", 3)`. Without `values`, `count` itself is filled in. */
export function counted(one: string, many: string, count: number, ...values: unknown[]): string {
  return sprintf(messages.ngettext(one, many, count), ...(values.length > 0 ? values : [count]))
}

/** A text that is collected here and looked up, by `_`, where it is shown. */
export function mark<Text extends string>(text: Text): Text {
  return text
}

/** Language tag of the page's words, `de` or `pt-BR`. */
export function pageLanguage(): string {
  return messages.language().replace("_", "-")
}

/** How dates and numbers are written: as the reader's own country does where it speaks the page's language. */
export function pageLocale(wished: readonly string[] = globalThis.navigator?.languages ?? []): string | undefined {
  const language = pageLanguage()
  if (language === "en") return undefined // the browser's own way, which somebody without a catalogue of theirs reads best
  const base = language.split("-")[0]?.toLowerCase()
  return wished.find((tag) => tag.toLowerCase().split("-")[0] === base) ?? language
}
