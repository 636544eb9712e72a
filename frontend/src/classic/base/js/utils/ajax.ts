/** Requests to the server with the XSRF header, as promises, and their errors. */
import $ from "jquery"

/** Name of the errors with which `promising_ajax` rejects. */
export const XHR_ERROR = "XhrError"

/** A failed request: the xhr, jQuery's word for the failure, and the HTTP reason. */
export interface XhrError extends Error {
  xhr: JQuery.jqXHR
  xhr_status: string
  xhr_error: string
}

function cookie(name: string): string | undefined {
  const found = document.cookie.split(/;\s*/).find((pair) => pair.startsWith(`${name}=`))
  return found?.slice(name.length + 1)
}

/** `$.ajax` that carries the `X-XSRFToken` header, unless the caller sends an Authorization header of its own. */
export function ajax(url: string | JQuery.AjaxSettings, settings?: JQuery.AjaxSettings): JQuery.jqXHR {
  const asked: JQuery.AjaxSettings = typeof url === "string" ? { ...settings, url } : url
  const headers: Record<string, string> = { ...(asked.headers as Record<string, string> | undefined) }
  const token = cookie("_xsrf")
  if (!("Authorization" in headers) && token) headers["X-XSRFToken"] = token
  return $.ajax({ ...asked, headers })
}

/** What the server said: the JSON body's `message`, or the HTTP reason. */
export function ajax_error_msg(xhr: JQuery.jqXHR): string {
  const body = xhr.responseJSON as { message?: unknown } | undefined
  if (typeof body?.message === "string" && body.message) return body.message
  return xhr.statusText
}

/** Log a failed request in one line. */
export function log_ajax_error(xhr: JQuery.jqXHR, status: string, error: string): void {
  console.log(`API request failed (${xhr.status}): ${ajax_error_msg(xhr)}`, status, error)
}

/** The arguments of jQuery's error callback as one Error. */
export function wrap_ajax_error(xhr: JQuery.jqXHR, status: string, error: string): XhrError {
  const wrapped = new Error(ajax_error_msg(xhr)) as XhrError
  wrapped.name = XHR_ERROR
  return Object.assign(wrapped, { xhr, xhr_status: status, xhr_error: error })
}

/** `ajax` as a promise of the answer's data. Rejects with an XhrError. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function promising_ajax<T = any>(url: string, settings?: JQuery.AjaxSettings): Promise<T> {
  return new Promise((resolve, reject) => {
    ajax(url, {
      ...settings,
      success: (answer: T) => resolve(answer),
      error: (xhr: JQuery.jqXHR, status: string, error: string) => {
        log_ajax_error(xhr, status, error)
        reject(wrap_ajax_error(xhr, status, error))
      },
    })
  })
}
