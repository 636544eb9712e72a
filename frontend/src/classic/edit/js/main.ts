/** `edit/js/main`: builds the text editor page. */
import $ from "jquery"
import CodeMirror from "codemirror"
import { install_bootstrap } from "../../bootstrap/install"
import { LoginWidget } from "../../auth/js/loginwidget"
import { events } from "../../base/js/events"
import { Jupyter } from "../../base/js/namespace"
import { Page } from "../../base/js/page"
import * as utils from "../../base/js/utils"
import { ConfigSection } from "../../services/config"
import { Contents } from "../../services/contents"
import { Editor } from "./editor"
import { MenuBar } from "./menubar"
import { EditorNotificationArea } from "./notificationarea"
import { SaveWidget } from "./savewidget"

/** Build the page between the user's own modules. */
export function start(): Promise<void> {
  return utils.between_user_modules(main)
}

export function main(): void {
  install_bootstrap()
  const base_url = utils.get_body_data("baseUrl") ?? "/"
  const file_path = utils.get_body_data("filePath") ?? ""
  const config = new ConfigSection("edit", { base_url })
  const common_config = new ConfigSection("common", { base_url })
  const contents = new Contents({ base_url, common_config })
  const page = new Page("div#header", "div#site")
  const editor = new Editor("#texteditor-container", { base_url, events, contents, file_path, config })
  const save_widget = new SaveWidget("span#save_widget", { editor, events })
  new MenuBar("#menubar", { base_url, editor, events, save_widget })
  const notification_area = new EditorNotificationArea("#notification_area", { events })
  notification_area.init_notification_widgets()
  editor.notification_area = notification_area
  new LoginWidget("#login_widget", { base_url })
  Object.assign(Jupyter, { editor, page })
  bindKeysAndLeaving(editor)
  page.show()
  editor.codemirror.refresh() // it could not measure while the site was hidden
  void config.load()
  void common_config.load()
  void utils.load_extensions_from_config(config)
  void utils.load_extensions_from_config(common_config)
  void editor.load().then(() => editor.codemirror.focus())
}

function bindKeysAndLeaving(editor: Editor): void {
  ;(CodeMirror.commands as unknown as Record<string, () => void>).save = () => void editor.save()
  $(document).on("keydown", (event) => {
    const isSave = event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey
    if (!isSave || event.isDefaultPrevented()) return // the focused editor has saved already
    event.preventDefault()
    void editor.save()
  })
  events.on("resize-header.Page", () => editor.codemirror.refresh())
  window.addEventListener("resize", () => editor.codemirror.refresh())
  window.addEventListener("beforeunload", (event) => {
    if (editor.save_enabled && !editor.clean) event.preventDefault() // the browser asks in its own words
  })
}
