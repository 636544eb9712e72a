/** `auth/js/loginwidget`: the header's Login or Logout button. */
import $ from "jquery"
import * as utils from "../../base/js/utils"

export class LoginWidget {
  base_url: string
  selector: string
  element: JQuery<HTMLElement> | undefined

  constructor(selector: string, options: { base_url?: string } = {}) {
    this.base_url = options.base_url || utils.get_body_data("baseUrl") || "/"
    this.selector = selector
    if (!selector) return
    this.element = $<HTMLElement>(selector)
    this.bind_events()
  }

  bind_events(): void {
    this.element?.find("button#logout").on("click", () => {
      window.location.href = utils.url_path_join(this.base_url, "logout")
    })
    this.element?.find("button#login").on("click", () => {
      window.location.href = utils.url_path_join(this.base_url, "login")
    })
  }
}
