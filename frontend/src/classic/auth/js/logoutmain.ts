/** `auth/js/logoutmain`: what the logout page runs. */
export { logout_main } from "./main"
