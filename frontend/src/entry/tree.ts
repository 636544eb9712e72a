/** Entry of the dashboard. */
import { main } from "../classic/tree/js/main"
import { stripToken } from "../page/address"

stripToken()
main()
