/** `base/js/security`: foreign HTML made fit for the page. */
import { sanitizeToFragment, sanitizeToHtml } from "../../../view/sanitize"

/** `html` without anything that runs; `style` attributes stay only with `allow_css`. */
export function sanitize_html(html: string, allow_css = false): string {
  return sanitizeToHtml(html, { allowCss: allow_css })
}

/** The same as nodes. Prefer it: text that is parsed a second time may mean something else. */
export function sanitize_html_and_parse(html: string, allow_css = false): Node[] {
  return [...sanitizeToFragment(html, { allowCss: allow_css }).childNodes]
}
