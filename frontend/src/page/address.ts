/** The address bar: what must not stay in it. */

/** `url` without its `token` argument. Pure. */
export function withoutToken(url: string): string {
  const parsed = new URL(url)
  if (!parsed.searchParams.has("token")) return url
  parsed.searchParams.delete("token")
  return parsed.toString()
}

/** Take the token out of the address bar and the history, so that a copied address or a screenshot gives nothing away. */
export function stripToken(): void {
  const clean = withoutToken(location.href)
  if (clean !== location.href) history.replaceState(history.state, "", clean)
}
