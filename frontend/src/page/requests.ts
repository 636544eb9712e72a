/** Requests to our own server: JSON both ways, the XSRF header, one kind of error. No jQuery. */

import { jsonBody } from "./json_body"
import { sendAndTell, type Answer, type Outgoing, type TellSent } from "./sending"

/** How long an answer may take. A slow disk or a full listing is seconds; a hung worker is for ever. */
import { _ } from "../i18n/words"

export const READ_TIMEOUT_MS = 60_000
/** A save carries the whole file up the line, and an upload a slice of 8 MiB. */
export const WRITE_TIMEOUT_MS = 600_000

/** Less than this leaves before anybody could read how much of it has. */
const TOLD_FROM_BYTES = 256 * 1024

/** The server refused, or could not be reached (`status` 0). `message` is fit for the user. */
export class RequestFailed extends Error {
  override name = "RequestFailed"

  constructor(
    message: string,
    readonly status: number,
    readonly reason: string,
    /** The parsed JSON body, or the text, or null. */
    readonly body: unknown,
  ) {
    super(message)
  }
}

/** Ask `url` and return the parsed JSON answer, null for an empty one; `tell` hears how much was sent. Throws RequestFailed. */
export async function requestJson(method: string, url: string, body?: unknown, tell?: TellSent): Promise<unknown> {
  const answered = await send(method, url, body, tell)
  const answer = parseOrText(answered.text)
  if (!answered.ok) throw new RequestFailed(failureText(answered, answer), answered.status, answered.statusText, answer)
  return answer
}

/** Nobody wants an answer that old. */
const AHEAD_MS = 10_000
const ahead = new Map<string, Promise<Answer>>()

/** Read what will be asked for soon: the next GET of `url` gets this answer. */
export function readAhead(url: string): void {
  const answer = sendQuietly({ method: "GET", url, headers: requestHeaders(false), body: undefined, timeoutMs: READ_TIMEOUT_MS })
  answer.catch(() => undefined) // told to who asks for it
  ahead.set(url, answer)
  setTimeout(() => takeAhead(url), AHEAD_MS)
}

function takeAhead(url: string): Promise<Answer> | undefined {
  const answer = ahead.get(url)
  ahead.delete(url)
  return answer
}

/** Ask as the page goes away: the request outlives the page, and nobody hears the answer. */
export function requestWhileLeaving(method: string, url: string): void {
  fetch(url, { method, headers: requestHeaders(false), credentials: "same-origin", keepalive: true }).catch(() => undefined)
}

async function send(method: string, url: string, body: unknown, tell: TellSent | undefined): Promise<Answer> {
  const isRead = method === "GET" || method === "HEAD"
  const timeoutMs = isRead ? READ_TIMEOUT_MS : WRITE_TIMEOUT_MS
  const written = body === undefined ? undefined : jsonBody(body)
  const sent = written instanceof Promise ? await written : written
  const request: Outgoing = { method, url, headers: requestHeaders(body !== undefined), body: sent, timeoutMs }
  try {
    const ahead = method === "GET" ? takeAhead(url) : undefined
    if (ahead) return await ahead
    // only XMLHttpRequest tells how much has left, and only for much is it worth knowing
    return await (tell && sent && sizeOf(sent) > TOLD_FROM_BYTES ? sendAndTell(request, tell) : sendQuietly(request))
  } catch (error) {
    const isTimeout = error instanceof DOMException && error.name === "TimeoutError"
    const said = isTimeout
      ? _("The server did not answer within %s s. Is it still running?", timeoutMs / 1000)
      : _("The server cannot be reached. Is it still running?")
    throw new RequestFailed(said, 0, "", null)
  }
}

function sizeOf(body: string | Blob): number {
  return typeof body === "string" ? body.length : body.size
}

async function sendQuietly({ method, url, headers, body, timeoutMs }: Outgoing): Promise<Answer> {
  const signal = AbortSignal.timeout(timeoutMs)
  const response = await fetch(url, { method, headers, body, credentials: "same-origin", cache: "no-store", signal })
  return { ok: response.ok, status: response.status, statusText: response.statusText, text: await response.text() }
}

function requestHeaders(hasBody: boolean): Record<string, string> {
  const headers: Record<string, string> = { Accept: "application/json" }
  const xsrf = cookieValue("_xsrf")
  if (xsrf) headers["X-XSRFToken"] = xsrf
  if (hasBody) headers["Content-Type"] = "application/json"
  return headers
}

export function cookieValue(name: string, cookies: string = document.cookie): string | undefined {
  const pair = cookies.split(/;\s*/).find((one) => one.startsWith(`${name}=`))
  return pair?.slice(name.length + 1)
}

function parseOrText(text: string): unknown {
  if (text === "") return null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function failureText(response: Answer, answer: unknown): string {
  const message = (answer as { message?: unknown } | null)?.message
  if (typeof message === "string" && message) return message
  const isPlain = typeof answer === "string" && answer.length < 300 && !answer.includes("<")
  return isPlain ? (answer as string) : `${response.statusText || _("The server refused")} (${response.status})`
}
