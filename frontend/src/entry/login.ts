/** Entry of the login page. Its form works without this. */
import { login_main } from "../classic/auth/js/main"
import { stripToken } from "../page/address"

stripToken()
login_main()
