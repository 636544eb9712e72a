/** Settings of a request whose answer, and body if it has one, is JSON. */

export function jsonRequest(type: string, body?: unknown): JQuery.AjaxSettings {
  const settings: JQuery.AjaxSettings = { type, cache: false, processData: false, dataType: "json" }
  return body === undefined ? settings : { ...settings, data: JSON.stringify(body), contentType: "application/json" }
}
