/** Libraries, and rarely used modules, that extensions of every page find under their well-known ids. Each is fetched when it is first required. */
import $ from "jquery"
import { pageLanguage } from "../i18n/words"
import { buildUrl } from "./environment"
import type { LazyModules } from "./lazy"

declare const JQUERY_UI_FOLDER: string

type Module = { default: unknown }

const globals = (members: Record<string, unknown>): void => void Object.assign(window, members)

async function underscore(): Promise<unknown> {
  const library = ((await import("underscore")) as Module).default
  globals({ _: library })
  return library
}

async function backbone(): Promise<unknown> {
  const library = ((await import("backbone")) as Module).default
  globals({ Backbone: library })
  return library
}

/* Dates speak the language of the page; a locale that moment does not know leaves its English. */
async function moment(): Promise<unknown> {
  const library = ((await import("moment/min/moment-with-locales")) as { default: { locale(name: string): string } }).default
  library.locale(pageLanguage().toLowerCase())
  return library
}

/* Its widgets are nothing without their style, which classic pages had from the start. Ours comes before the page's own. */
function addStyle(path: string): void {
  const link = document.createElement("link")
  link.rel = "stylesheet"
  link.href = buildUrl(path)
  document.head.prepend(link)
}

/* Both have plugins of these names. On classic pages the other ones win, which the menus, buttons and dialogs need. */
const NOT_JQUERY_UIS = ["tooltip", "button"] as const

async function jquery_ui(): Promise<unknown> {
  const kept = NOT_JQUERY_UIS.map((name) => [name, $.fn[name]] as const)
  addStyle(`${JQUERY_UI_FOLDER}/jquery-ui.min.css`)
  await import("jquery-ui/dist/jquery-ui.js")
  Object.assign($.fn, Object.fromEntries(kept))
  return $
}

let ui: Promise<unknown> | undefined
const jquery_ui_once = (): Promise<unknown> => (ui ??= jquery_ui())

async function xterm(): Promise<unknown> {
  const { Terminal } = await import("@xterm/xterm")
  return { Terminal }
}

async function sanitizer(): Promise<unknown> {
  const { defaultSanitizer } = await import("../classic/components/sanitizer/index")
  return { defaultSanitizer }
}

export const LIBRARIES: LazyModules = {
  moment,
  underscore,
  backbone,
  "jquery-ui": jquery_ui_once,
  jqueryui: jquery_ui_once,
  jed: async () => ((await import("jed")) as Module).default,
  termjs: xterm,
  "components/xterm.js/xterm": xterm,
  "components/sanitizer/index": sanitizer,
  "bidi/bidi": () => import("../classic/bidi/bidi"),
  "bidi/numericshaping": () => import("../classic/bidi/numericshaping"),
  "auth/js/main": () => import("../classic/auth/js/main"),
  "auth/js/loginmain": async () => (await import("../classic/auth/js/loginmain")).login_main,
  "auth/js/logoutmain": async () => (await import("../classic/auth/js/logoutmain")).logout_main,
}
