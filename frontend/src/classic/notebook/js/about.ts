/** `notebook/js/about`: the About dialog behind `#notebook_about`. */
import $ from "jquery"
import * as dialog from "../../base/js/dialog"
import { get_body_data } from "../../base/js/utils/urls"
import type { Notebook } from "./notebook"
import { _ } from "../../../i18n/words"

interface SystemFacts {
  notebook_version?: string
  sys_version?: string
}

function page(): { sys_info?: SystemFacts } {
  return window as unknown as { sys_info?: SystemFacts }
}

/** Put what the server wrote on the page where extensions look for it: `window.sys_info`. */
export function publish_system_facts(): void {
  page().sys_info = { notebook_version: get_body_data("serverVersion") ?? "", sys_version: get_body_data("pythonVersion") ?? "" }
}

function serverFacts(): JQuery {
  const { notebook_version, sys_version } = page().sys_info ?? {}
  const facts = $("<div/>")
  if (notebook_version) facts.append($("<p/>").text(`flasknb ${notebook_version}`))
  if (sys_version) facts.append(heading(_("Server")), fact(_("Server"), `Python ${sys_version}`))
  return facts
}

function heading(text: string): JQuery {
  return $("<h4 aria-level='3'/>").text(text)
}

/** Text as it comes; long lines scroll, so the keyboard must be able to get there. */
function fact(label: string, text: string): JQuery {
  return $("<pre tabindex='0' role='region'/>").attr("aria-label", label).text(text)
}

/** Tell the versions of server, Python and kernel. */
export function show_about(notebook: Notebook): void {
  const banner = (notebook.kernel as { info_reply?: { banner?: string } } | null)?.info_reply?.banner
  dialog.modal({
    title: _("About flasknb"),
    body: serverFacts().append(
      heading(_("Kernel")),
      fact(_("Kernel"), banner ?? _("No kernel is connected.")),
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
