/** Entry of the terminal page: registers the AMD modules, then builds the page. */
import { registerTerminalModules } from "../amd/terminal"
import { start } from "../classic/terminal/js/main"
import { stripToken } from "../page/address"

stripToken()
registerTerminalModules()
void start()
