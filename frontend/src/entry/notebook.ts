/** Entry of the notebook page: the AMD modules first, so that what the page loads can require them. */
import { registerNotebookModules } from "../amd/notebook"
import { show_start_error, start } from "../classic/notebook/js/main"
import { stripToken } from "../page/address"

stripToken()
registerNotebookModules()
start().catch(show_start_error)
