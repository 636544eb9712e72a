/** `auth/js/loginmain`: what the login page runs. */
export { login_main } from "./main"
