/** A lost connection in plain words: what is wrong, what still works, when the next attempt comes. */

/** `unknown` until the server has been asked; `kernel`: the server answers, the kernel's websocket does not come to be. */
import { _ } from "../i18n/words"

export type Cause = "unknown" | "offline" | "server" | "login" | "kernel"

/** What cannot be done meanwhile. */
export type Lost = "kernel" | "saving"

const WRONG: Readonly<Record<Cause, string>> = {
  unknown: _("The connection to the kernel is lost."),
  offline: _("This computer has no network."),
  server: _("The server does not answer."),
  login: _("The server does not know you any more: log in again, in another tab."),
  kernel: _("The server answers, but the connection to the kernel fails."),
}

const MEANWHILE: Readonly<Record<Lost, string>> = {
  kernel: _("You can go on typing; code runs again when it is back."),
  saving: _("You can go on typing; it is kept in this browser, and saved when the server is back."),
}

export function outageText(cause: Cause, lost: Lost): string {
  return `${WRONG[lost === "saving" && cause === "unknown" ? "server" : cause]} ${MEANWHILE[lost]}`
}

/** `left_ms`: time to the next attempt, null while one is under way. */
export function countdownText(left_ms: number | null): string {
  if (left_ms === null) return _("Trying now…")
  const left_s = Math.max(0, Math.ceil(left_ms / 1000))
  if (left_s === 0) return _("Trying now…")
  return left_s < 100 ? _("Next try in %s s.", left_s) : _("Next try in %s min.", Math.round(left_s / 60))
}

/** What a question to the server says about it. `status`: of its answer, 0 for none. */
export function causeOf(status: number, isOnline: boolean): Cause {
  if (status === 401 || status === 403) return "login"
  if (status > 0 && status < 500) return "kernel"
  return isOnline ? "server" : "offline"
}
