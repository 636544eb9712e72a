/** The page's icon in the browser tab. */

/** Show `url` as the page's icon. The link element is replaced, because not every browser looks at a changed `href`. */
export function changeFavicon(url: string): void {
  const old = document.querySelector<HTMLLinkElement>("link[rel~='icon']")
  if (old?.getAttribute("href") === url) return
  const link = document.createElement("link")
  link.rel = "shortcut icon"
  link.type = "image/x-icon"
  link.id = old?.id || "favicon"
  link.href = url
  old?.remove()
  document.head.append(link)
}
