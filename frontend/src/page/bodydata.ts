/** What the server wrote on `<body>` for this page. */

/** The decoded value of `data-<name>`, or undefined when the page has none. */
export function bodyData(name: string, body: HTMLElement = document.body): string | undefined {
  const value = body.getAttribute(`data-${name}`)
  if (value === null) return undefined
  try {
    return decodeURIComponent(value)
  } catch {
    return value // a lone % is text, not an escape
  }
}

/** Where the application is mounted, with a slash at both ends. */
export function baseUrl(): string {
  return bodyData("base-url") ?? "/"
}
