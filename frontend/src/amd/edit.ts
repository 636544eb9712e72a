/** The modules of the text editor page. */
import CodeMirror from "codemirror"
import * as editor from "../classic/edit/js/editor"
import * as main from "../classic/edit/js/main"
import * as menubar from "../classic/edit/js/menubar"
import * as notificationarea from "../classic/edit/js/notificationarea"
import * as savewidget from "../classic/edit/js/savewidget"
import { registerLazyModules } from "./lazy"
import { modulesOfOtherPages } from "./other_pages"
import { registerModules, type AmdModules } from "./registry"
import { registerSharedModules } from "./shared"

export const EDIT_MODULES: AmdModules = {
  "codemirror/lib/codemirror": CodeMirror,
  "components/codemirror/lib/codemirror": CodeMirror,
  "edit/js/editor": editor,
  "edit/js/main": main,
  "edit/js/menubar": menubar,
  "edit/js/notificationarea": notificationarea,
  "edit/js/savewidget": savewidget,
}

/** Everything that an extension of the text editor may require, and the global `CodeMirror`, on which modes register. */
export function registerEditModules(): void {
  registerSharedModules()
  Object.assign(window, { CodeMirror })
  registerModules(EDIT_MODULES)
  registerLazyModules(modulesOfOtherPages(EDIT_MODULES))
}
