/** The modules of the dashboard. */
import { Jupyter } from "../classic/base/js/namespace"
import * as kernellist from "../classic/tree/js/kernellist"
import * as main from "../classic/tree/js/main"
import * as newnotebook from "../classic/tree/js/newnotebook"
import * as notebooklist from "../classic/tree/js/notebooklist"
import * as sessionlist from "../classic/tree/js/sessionlist"
import * as shutdownbutton from "../classic/tree/js/shutdownbutton"
import * as terminallist from "../classic/tree/js/terminallist"
import { registerLazyModules } from "./lazy"
import { modulesOfOtherPages } from "./other_pages"
import { registerModules, showDeprecated, type AmdModules } from "./registry"
import { registerSharedModules } from "./shared"

export const TREE_MODULES: AmdModules = {
  "tree/js/kernellist": kernellist,
  "tree/js/main": main,
  "tree/js/newnotebook": newnotebook,
  "tree/js/notebooklist": notebooklist,
  "tree/js/sessionlist": sessionlist,
  "tree/js/shutdownbutton": shutdownbutton,
  "tree/js/terminallist": terminallist,
}

/** Everything that an extension of the dashboard may require. */
export function registerTreeModules(): void {
  registerSharedModules()
  registerModules(TREE_MODULES)
  showDeprecated(Jupyter, { SessionList: ["tree/js/sessionlist", sessionlist.SesssionList] })
  registerLazyModules(modulesOfOtherPages(TREE_MODULES))
}
