/** Entry of the dashboard: registers the AMD modules, then builds the page. */
import { registerTreeModules } from "../amd/tree"
import { start } from "../classic/tree/js/main"
import { stripToken } from "../page/address"

stripToken()
registerTreeModules()
void start()
