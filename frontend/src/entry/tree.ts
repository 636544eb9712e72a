/** Entry of the dashboard: registers the AMD modules, then builds the page. */
import { registerTreeModules } from "../amd/tree"
import { start } from "../classic/tree/js/main"
import { stripToken } from "../page/address"
import { baseUrl } from "../page/bodydata"
import { bindThemeSwitch } from "../page/theme"

stripToken()
bindThemeSwitch(document.getElementById("theme_switch"), baseUrl())
registerTreeModules()
void start()
