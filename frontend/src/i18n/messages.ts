/** Message catalogues with the calls of Jed 1.1, which extensions know. A message without translation is its own English text. */
import { englishPlural, pluralRule, type PluralRule } from "./plurals"
import { sprintf } from "./sprintf"

/** The entry `""` tells of the catalogue; every other one is a list of forms, by `text` or `context U+0004 text`. */
export interface Catalogue {
  ""?: { domain?: string; lang?: string; plural_forms?: string }
  [message: string]: unknown
}

export interface MessagesOptions {
  domain: string
  locale_data: Record<string, Catalogue>
}

const CONTEXT_END = "\u0004"

/** What `translate` collects before `fetch` looks the message up. */
class Chain {
  private domain?: string
  private context?: string
  private plural?: string
  private count?: number

  constructor(private readonly messages: Messages, private readonly key: string) {}

  onDomain(domain: string): this {
    this.domain = domain
    return this
  }

  withContext(context: string): this {
    this.context = context
    return this
  }

  ifPlural(count: number, plural: string): this {
    this.count = count
    this.plural = plural
    return this
  }

  /** The message, with `values` (one list, or one by one) in its placeholders. */
  fetch(...values: unknown[]): string {
    const given = Array.isArray(values[0]) ? (values[0] as unknown[]) : values
    const text = this.messages.dcnpgettext(this.domain, this.context, this.key, this.plural, this.count)
    return given.length > 0 ? sprintf(text, ...given) : text
  }
}

export class Messages {
  readonly options: MessagesOptions
  private readonly rules = new Map<string, PluralRule>()

  constructor(options?: Partial<MessagesOptions>) {
    const domain = options?.domain ?? "messages"
    this.options = { domain, locale_data: { [domain]: {}, ...options?.locale_data } }
  }

  /** The domain that messages are looked up in, after `domain` became it if given. */
  textdomain(domain?: string): string {
    if (domain) this.options.domain = domain
    return this.options.domain
  }

  /** Add what an extension brings: `{domain, locale_data}` as `po2json` and its like write it. */
  add(more: MessagesOptions): void {
    for (const [domain, catalogue] of Object.entries(more.locale_data)) {
      this.options.locale_data[domain] = { ...this.options.locale_data[domain], ...catalogue }
      this.rules.delete(domain)
    }
  }

  /** The language of the domain's catalogue; `en` where there is none. */
  language(domain: string = this.options.domain): string {
    return this.options.locale_data[domain]?.[""]?.lang ?? "en"
  }

  translate(key: string): Chain {
    return new Chain(this, key)
  }

  gettext(key: string): string {
    return this.dcnpgettext(undefined, undefined, key)
  }

  dgettext(domain: string | undefined, key: string): string {
    return this.dcnpgettext(domain, undefined, key)
  }

  dcgettext(domain: string | undefined, key: string): string {
    return this.dcnpgettext(domain, undefined, key)
  }

  ngettext(one: string, many: string, count: number): string {
    return this.dcnpgettext(undefined, undefined, one, many, count)
  }

  dngettext(domain: string | undefined, one: string, many: string, count: number): string {
    return this.dcnpgettext(domain, undefined, one, many, count)
  }

  dcngettext(domain: string | undefined, one: string, many: string, count: number): string {
    return this.dcnpgettext(domain, undefined, one, many, count)
  }

  pgettext(context: string, key: string): string {
    return this.dcnpgettext(undefined, context, key)
  }

  dpgettext(domain: string | undefined, context: string, key: string): string {
    return this.dcnpgettext(domain, context, key)
  }

  dcpgettext(domain: string | undefined, context: string, key: string): string {
    return this.dcnpgettext(domain, context, key)
  }

  npgettext(context: string, one: string, many: string, count: number): string {
    return this.dcnpgettext(undefined, context, one, many, count)
  }

  dnpgettext(domain: string | undefined, context: string, one: string, many: string, count: number): string {
    return this.dcnpgettext(domain, context, one, many, count)
  }

  /** The look-up behind all others. */
  dcnpgettext(domain: string | undefined, context: string | undefined, one: string, many?: string, count?: number): string {
    const wanted = domain ?? this.options.domain
    const catalogue = this.options.locale_data[wanted]
    const key = context === undefined ? one : context + CONTEXT_END + one
    const forms = catalogue && Object.hasOwn(catalogue, key) ? catalogue[key] : undefined
    if (!Array.isArray(forms) || forms.length === 0) return many !== undefined && englishPlural(count ?? 1) > 0 ? many : one
    const form: unknown = forms[many === undefined ? 0 : this.rule(wanted)(count ?? 1)] ?? forms[0]
    return typeof form === "string" && form !== "" ? form : one
  }

  sprintf(format: string, ...values: unknown[]): string {
    return sprintf(format, ...values)
  }

  private rule(domain: string): PluralRule {
    const known = this.rules.get(domain) ?? pluralRule(this.options.locale_data[domain]?.[""]?.plural_forms)
    this.rules.set(domain, known)
    return known
  }
}
