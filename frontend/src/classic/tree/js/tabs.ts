/** The dashboard's tabs: the address's hash names the visible one, arrow keys walk along them. */
import $ from "jquery"
import { keyAlongLine } from "../../../i18n/direction"

export function bindTabs(): void {
  const $links = $<HTMLElement>("#tabs a[role=tab]")
  $links.on("shown.bs.tab", (event) => {
    const hash = (event.currentTarget as HTMLAnchorElement).hash
    if (hash !== location.hash) history.pushState(history.state, "", location.pathname + location.search + hash)
    focusable($links)
  })
  $links.on("keydown", (event) => {
    const key = keyAlongLine(event.key ?? "")
    const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const next = ($links.index(event.currentTarget as HTMLElement) + step + $links.length) % $links.length
    $links.eq(next).tab("show").trigger("focus")
  })
  window.addEventListener("popstate", () => showFromHash($links))
  showFromHash($links)
  focusable($links)
}

function showFromHash($links: JQuery<HTMLElement>): void {
  const hash = location.hash || "#notebooks"
  $links.filter((_index, link) => (link as HTMLAnchorElement).hash === hash).tab("show")
}

/** One stop for the Tab key: the tab that is shown. */
function focusable($links: JQuery<HTMLElement>): void {
  $links.each((_index, link) => {
    link.tabIndex = link.parentElement?.classList.contains("active") ? 0 : -1
  })
}
