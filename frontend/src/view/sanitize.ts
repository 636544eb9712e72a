/** What of foreign HTML may stand in the page. Built on DOMPurify; knows no outputs and no cells. */

import DOMPurify from "dompurify"

export interface SanitizeOptions {
  /** Keep `style` attributes, without what could load a file or cover the page. */
  allowCss: boolean
}

const ALLOWED_ADDRESSES =
  // Schemes that run nothing, the notebook's own attachments, and relative addresses.
  /^(?:(?:https?|ftp|mailto|tel|callto|sms|cid|xmpp|matrix|attachment):|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i

const CONFIG = {
  USE_PROFILES: { html: true, mathMl: true },
  ALLOW_DATA_ATTR: false,
  ALLOW_UNKNOWN_PROTOCOLS: false,
  ALLOWED_URI_REGEXP: ALLOWED_ADDRESSES,
  FORBID_TAGS: ["style", "form", "button", "select", "option", "textarea", "dialog", "selectedcontent", "slot", "template"],
  FORBID_ATTR: [
    "action", "formaction", "autofocus", "accesskey", "contenteditable", "draggable", "popover", "popovertarget",
    "popovertargetaction", "commandfor", "command", "ping", "srcset", "background", "is", "slot", "part", "nonce",
    "for", "form", // a click on the label of a button of the page is a click on the button
  ],
  RETURN_DOM_FRAGMENT: true as const,
}

const SVG_CONFIG = {
  USE_PROFILES: { svg: true, svgFilters: true },
  ALLOW_DATA_ATTR: false,
  FORBID_TAGS: ["style", "foreignObject", "use", "a"],
  RETURN_DOM_FRAGMENT: true as const,
}

type Purifier = ReturnType<typeof DOMPurify>

let htmlPurifier: Purifier | null = null
let svgPurifier: Purifier | null = null
let keepsCss = false

/** Whether an element of the application, outside of every rendered content, already has this id. */
function isTaken(id: string): boolean {
  const owner = document.getElementById(id)
  return owner !== null && owner.closest(".rendered_html, .output_subarea") === null
}

const RISKY_STYLE = /url\s*\(|image-set|expression|@import|\\|var\s*\(/i
const RISKY_POSITION = /^\s*(?:fixed|absolute|sticky)/i

/** Drop declarations that load something or could lay content over the application's own controls. */
function cleanStyle(element: HTMLElement): void {
  for (const name of Array.from(element.style)) {
    const value = element.style.getPropertyValue(name)
    const isRisky = RISKY_STYLE.test(value) || (name === "position" && RISKY_POSITION.test(value)) || name.startsWith("--")
    if (isRisky) element.style.removeProperty(name)
  }
  if (element.getAttribute("style") === "" || RISKY_STYLE.test(element.getAttribute("style") ?? "")) {
    element.removeAttribute("style")
  }
}

/** Links leave in a new tab that cannot reach back; links within the page stay. */
export function secureLink(link: Element): void {
  const address = link.getAttribute("href") ?? link.getAttribute("xlink:href")
  if (address === null || address.startsWith("#")) return
  link.setAttribute("target", "_blank")
  link.setAttribute("rel", "noopener noreferrer")
}

function cleanElement(element: Element): void {
  const id = element.getAttribute("id")
  if (id !== null && isTaken(id)) element.removeAttribute("id")
  if (element.hasAttribute("style")) {
    if (keepsCss && element instanceof HTMLElement) cleanStyle(element)
    else element.removeAttribute("style")
  }
  if (element.tagName === "A" || element.tagName === "AREA") secureLink(element)
  if (element.tagName === "INPUT") {
    // Task lists are the one use that markdown has for a control.
    if (element.getAttribute("type") === "checkbox") element.setAttribute("disabled", "")
    else element.remove()
  }
}

/* A purifier reads its settings once: reading them takes longer than cleaning a short text. */
function makePurifier(settings: typeof CONFIG | typeof SVG_CONFIG): Purifier {
  const purifier = DOMPurify(window)
  purifier.setConfig(settings)
  purifier.addHook("afterSanitizeAttributes", cleanElement)
  return purifier
}

/* What the settings say; the types know only those that are passed with the text. */
const fragmentOf = (purifier: Purifier, text: string): DocumentFragment => purifier.sanitize(text) as unknown as DocumentFragment

/** `html` as a fragment with nothing in it that runs, submits, loads frames or answers to `data-*` handlers. */
export function sanitizeToFragment(html: string, options: SanitizeOptions): DocumentFragment {
  keepsCss = options.allowCss
  htmlPurifier ??= makePurifier(CONFIG)
  return fragmentOf(htmlPurifier, html)
}

/** The same as text. Parse it with care: a fragment that was never text cannot change its meaning. */
export function sanitizeToHtml(html: string, options: SanitizeOptions): string {
  const holder = document.createElement("div")
  holder.append(sanitizeToFragment(html, options))
  return holder.innerHTML
}

/** An SVG drawing without scripts, foreign content and references to other files. */
export function sanitizeSvg(svg: string): DocumentFragment {
  keepsCss = false
  svgPurifier ??= makePurifier(SVG_CONFIG)
  return fragmentOf(svgPurifier, svg)
}
