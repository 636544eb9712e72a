/** `components/sanitizer/index`: cleans HTML for extensions, with the page's own sanitiser. */
import { sanitizeToHtml } from "../../../view/sanitize"

interface SanitizerOptions {
  /** Style properties that may stay, by element; anything here lets harmless styles stay. */
  allowedStyles?: Readonly<Record<string, unknown>>
}

export const defaultSanitizer = {
  sanitize(html: string, options: SanitizerOptions = {}): string {
    const allowed = options.allowedStyles
    return sanitizeToHtml(html, { allowCss: allowed !== undefined && Object.keys(allowed).length > 0 })
  },
}
