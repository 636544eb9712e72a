/** `auth/js/main`: the login and logout pages. */
import $ from "jquery"
import { Jupyter } from "../../base/js/namespace"
import { Page } from "../../base/js/page"
import { LoginWidget } from "./loginwidget"

export function login_main(): void {
  showPage()
  $("#password_input").trigger("focus")
}

export function logout_main(): void {
  showPage()
}

function showPage(): void {
  const page = new Page("div#header", "div#site")
  new LoginWidget("#login_widget")
  page.show()
  Jupyter.page = page
}
