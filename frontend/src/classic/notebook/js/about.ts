/** `notebook/js/about`: the About dialog behind `#notebook_about`. */
import $ from "jquery"
import * as dialog from "../../base/js/dialog"
import type { Notebook } from "./notebook"

interface SystemFacts {
  notebook_version?: string
  sys_version?: string
}

function serverFacts(): JQuery {
  const facts = (window as unknown as { sys_info?: SystemFacts }).sys_info ?? {}
  const body = $("<div/>")
  if (facts.notebook_version) body.append($("<p/>").text(`The version of the notebook server is: ${facts.notebook_version}`))
  if (facts.sys_version) {
    body.append($("<p/>").text("The server is running on this version of Python:"), $("<pre/>").text(`Python ${facts.sys_version}`))
  }
  return body
}

/** Tell the versions of server, Python and kernel. */
export function show_about(notebook: Notebook): void {
  const banner = (notebook.kernel as { info_reply?: { banner?: string } } | null)?.info_reply?.banner
  dialog.modal({
    title: "About flasknb",
    body: serverFacts().append(
      $("<h4/>").text("Current Kernel Information:"),
      $("<pre/>").text(banner ?? "No kernel is connected."),
    ),
    buttons: { OK: {} },
    notebook,
    keyboard_manager: notebook.keyboard_manager,
  })
}

/** Let the Help menu's item open it. */
export function bind_about(notebook: Notebook): void {
  $("#notebook_about").on("click", () => show_about(notebook))
}
