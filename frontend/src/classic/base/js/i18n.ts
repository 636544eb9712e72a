/** `base/js/i18n`: the page's catalogue for extensions: `i18n._`, `i18n.msg.sprintf`, `i18n.translate(key).fetch()` and the rest of Jed. */
import { Messages } from "../../../i18n/messages"
import { messages } from "../../../i18n/words"

interface ClassicMessages extends Messages {
  /** The message for `key`. */
  _(key: string): string
  /** A message marked for translation where it is written and looked up where it is shown. */
  noop(key: string): string
  msg: ClassicMessages
}

export const i18n: ClassicMessages = Object.assign(messages as ClassicMessages, {
  _: (key: string) => messages.gettext(key),
  ngettext: (one: string, many: string, count: number) => messages.dcnpgettext(undefined, undefined, one, many, count),
  sprintf: (format: string, ...values: unknown[]) => Messages.prototype.sprintf(format, ...values),
  noop: (key: string) => key,
})
i18n.msg = i18n
export const msg: ClassicMessages = i18n
