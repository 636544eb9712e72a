/** Entry of the notebook page: the AMD modules first, so that what the page loads can require them. */
import { registerNotebookModules } from "../amd/notebook"
import { show_start_error, start } from "../classic/notebook/js/main"
import { stripToken } from "../page/address"
import { baseUrl } from "../page/bodydata"
import { bindLanguageSwitch } from "../page/language_switch"
import { readAhead } from "../page/requests"
import { bindThemeSwitch } from "../page/theme"

stripToken()
const contents = document.querySelector("link[rel=preload][as=fetch]")?.getAttribute("href")
if (contents) readAhead(contents)
bindThemeSwitch(document.getElementById("theme_switch"), baseUrl())
bindLanguageSwitch(document.getElementById("language_switch"), { baseUrl: baseUrl() })
registerNotebookModules()
start().catch(show_start_error)
