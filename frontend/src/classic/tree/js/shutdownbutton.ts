/** `tree/js/shutdownbutton`: Quit, where the server offers it. */
import $ from "jquery"
import * as dialog from "../../base/js/dialog"
import * as utils from "../../base/js/utils"
import { tellFailure } from "./notebooklist/operations"
import { _ } from "../../../i18n/words"

/** Make the page's Quit button end the server and all its kernels. */
export function activate(): void {
  $("#shutdown").on("click", () => {
    const base_url = utils.get_body_data("baseUrl") ?? "/"
    utils.promising_ajax(utils.url_path_join(base_url, "api/shutdown"), { type: "POST" }).then(
      () => dialog.modal({ title: _("Server stopped"), body: _("The server has stopped, and all kernels with it. Nothing more can be done in this tab."), keyboard: false }),
      (error: unknown) => tellFailure(_("Quit Failed"), _("The server was not stopped."), error),
    )
  })
}
