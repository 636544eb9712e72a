/** Entry of the text editor page: registers the AMD modules, then builds the page. */
import { registerEditModules } from "../amd/edit"
import { start } from "../classic/edit/js/main"
import { stripToken } from "../page/address"
import { baseUrl } from "../page/bodydata"
import { bindThemeSwitch } from "../page/theme"

stripToken()
bindThemeSwitch(document.getElementById("theme_switch"), baseUrl())
registerEditModules()
void start()
