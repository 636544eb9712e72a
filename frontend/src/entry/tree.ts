/** Entry of the dashboard: registers the AMD modules, then builds the page. */
import { registerTreeModules } from "../amd/tree"
import { start } from "../classic/tree/js/main"
import { stripToken } from "../page/address"
import { baseUrl } from "../page/bodydata"
import { bindLanguageSwitch } from "../page/language_switch"
import { bindThemeSwitch } from "../page/theme"

stripToken()
bindThemeSwitch(document.getElementById("theme_switch"), baseUrl())
bindLanguageSwitch(document.getElementById("language_switch"), { baseUrl: baseUrl() })
registerTreeModules()
void start()
