/** The notebook page's entry: registers the AMD modules, then starts the page. */
import { show_start_error, start } from "../classic/notebook/js/main"

start().catch(show_start_error)
