/** Entry of the text editor page. */
import { main } from "../classic/edit/js/main"
import { stripToken } from "../page/address"

stripToken()
main()
