/** The modules of the terminal page. */
import { Terminal } from "@xterm/xterm"
import * as main from "../classic/terminal/js/main"
import * as terminado from "../classic/terminal/js/terminado"
import { registerLazyModules } from "./lazy"
import { modulesOfOtherPages } from "./other_pages"
import { registerModules, type AmdModules } from "./registry"
import { registerSharedModules } from "./shared"

const XTERM = { Terminal }

export const TERMINAL_MODULES: AmdModules = {
  termjs: XTERM,
  "components/xterm.js/xterm": XTERM,
  "terminal/js/main": main,
  "terminal/js/terminado": terminado,
}

/** Everything that an extension of the terminal page may require. */
export function registerTerminalModules(): void {
  registerSharedModules()
  registerModules(TERMINAL_MODULES)
  registerLazyModules(modulesOfOtherPages(TERMINAL_MODULES))
}
