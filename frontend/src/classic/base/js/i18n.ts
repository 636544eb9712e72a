/** Message lookup with the documented calls (`i18n._`, `msg.sprintf`, `msg.ngettext`). The text is English. */

type Argument = string | number

/** Replace `%s`, `%d`, `%i`, `%f` in order, `%1$s` by position, `%%` by a percent sign. */
export function sprintf(format: string, ...args: Argument[]): string {
  let next = 0
  return format.replace(/%(?:(\d+)\$)?([sdif%])/g, (_match, position: string | undefined, kind: string) => {
    if (kind === "%") return "%"
    const value = args[position ? Number(position) - 1 : next++] ?? ""
    return kind === "d" || kind === "i" ? String(Math.trunc(Number(value))) : String(value)
  })
}

/** The message for `key`. */
export function gettext(key: string): string {
  return key
}

/** The singular for `count === 1`, the plural otherwise. */
export function ngettext(singular: string, plural: string, count: number): string {
  return count === 1 ? singular : plural
}

/** A message marked for translation where it is written and looked up where it is shown. */
export function noop(key: string): string {
  return key
}

interface Messages {
  _: typeof gettext
  gettext: typeof gettext
  ngettext: typeof ngettext
  sprintf: typeof sprintf
  noop: typeof noop
  msg: Messages
}

function makeMessages(): Messages {
  const messages = { _: gettext, gettext, ngettext, sprintf, noop } as Messages
  messages.msg = messages
  return messages
}

export const i18n: Messages = makeMessages()
export const msg: Messages = i18n
export const _ = gettext
