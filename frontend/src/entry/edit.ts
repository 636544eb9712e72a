/** Entry of the text editor page: registers the AMD modules, then builds the page. */
import { registerEditModules } from "../amd/edit"
import { start } from "../classic/edit/js/main"
import { stripToken } from "../page/address"
import { baseUrl } from "../page/bodydata"
import { bindLanguageSwitch } from "../page/language_switch"
import { bindThemeSwitch } from "../page/theme"

stripToken()
bindThemeSwitch(document.getElementById("theme_switch"), baseUrl())
bindLanguageSwitch(document.getElementById("language_switch"), { baseUrl: baseUrl() })
registerEditModules()
void start()
