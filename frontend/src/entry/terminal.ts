/** Entry of the terminal page: registers the AMD modules, then builds the page. */
import { registerTerminalModules } from "../amd/terminal"
import { start } from "../classic/terminal/js/main"
import { stripToken } from "../page/address"
import { baseUrl } from "../page/bodydata"
import { bindLanguageSwitch } from "../page/language_switch"
import { bindThemeSwitch } from "../page/theme"

stripToken()
bindThemeSwitch(document.getElementById("theme_switch"), baseUrl())
bindLanguageSwitch(document.getElementById("language_switch"), { baseUrl: baseUrl() })
registerTerminalModules()
void start()
