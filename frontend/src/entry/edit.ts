/** Entry of the text editor page: registers the AMD modules, then builds the page. */
import { registerEditModules } from "../amd/edit"
import { start } from "../classic/edit/js/main"
import { stripToken } from "../page/address"

stripToken()
registerEditModules()
void start()
