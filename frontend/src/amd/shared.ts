/** The modules that every page has. */
import $ from "jquery"
import { install_bootstrap } from "../classic/bootstrap/install"
import * as loginwidget from "../classic/auth/js/loginwidget"
import { install_ajax_names } from "../classic/base/js/ajaxnames"
import * as dialog from "../classic/base/js/dialog"
import { events } from "../classic/base/js/events"
import { i18n } from "../classic/base/js/i18n"
import * as keyboard from "../classic/base/js/keyboard"
import { Jupyter } from "../classic/base/js/namespace"
import * as notificationarea from "../classic/base/js/notificationarea"
import * as notificationwidget from "../classic/base/js/notificationwidget"
import * as page from "../classic/base/js/page"
import * as promises from "../classic/base/js/promises"
import * as utils from "../classic/base/js/utils"
import * as config from "../classic/services/config"
import * as contents from "../classic/services/contents"
import { followDirection } from "../page/language"
import { prepareAmd } from "./environment"
import { registerLazyModules } from "./lazy"
import { LIBRARIES } from "./libraries"
import { PLUGINS } from "./plugins"
import { registerModules, showDeprecated, type AmdModules } from "./registry"

const BOOTSTRAP_PLUGINS = ["alert", "button", "collapse", "dropdown", "modal", "popover", "tab", "tooltip"]

/** Ids of the libraries and base modules. */
export const SHARED_MODULES: AmdModules = {
  ...PLUGINS,
  jquery: $,
  bootstrap: $,
  ...Object.fromEntries(BOOTSTRAP_PLUGINS.map((name) => [`components/bootstrap/js/${name}`, $])),
  "auth/js/loginwidget": loginwidget,
  "base/js/namespace": Jupyter,
  "base/js/events": events,
  "base/js/i18n": i18n,
  "base/js/dialog": dialog,
  "base/js/keyboard": keyboard,
  "base/js/notificationarea": notificationarea,
  "base/js/notificationwidget": notificationwidget,
  "base/js/page": page,
  "base/js/promises": promises,
  "base/js/utils": utils,
  "services/config": config,
  "services/contents": contents,
}

/* Style sheets know of it themselves; what jQuery moves and fades has to be told. */
function followMotion(): void {
  if (typeof matchMedia === "undefined") return
  const reduced = matchMedia("(prefers-reduced-motion: reduce)")
  const follow = (): void => void ($.fx.off = reduced.matches)
  follow()
  reduced.addEventListener("change", follow)
}

/** Set the loader up, with the globals `Jupyter`, `IPython`, `$` and `jQuery`. First thing in a page's entry. */
export function registerSharedModules(): void {
  install_bootstrap()
  followDirection()
  install_ajax_names()
  Object.assign(window, { Jupyter, IPython: Jupyter, $, jQuery: $ })
  followMotion()
  prepareAmd()
  registerModules(SHARED_MODULES)
  registerLazyModules(LIBRARIES)
  showDeprecated(Jupyter, {
    utils: ["base/js/utils", utils],
    dialog: ["base/js/dialog", dialog],
    keyboard: ["base/js/keyboard", keyboard],
    LoginWidget: ["auth/js/loginwidget", loginwidget.LoginWidget],
    Page: ["base/js/page", page.Page],
    NotificationWidget: ["base/js/notificationwidget", notificationwidget.NotificationWidget],
  })
}
