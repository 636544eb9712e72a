/** `tree/js/main`: builds the dashboard. */
import $ from "jquery"
import { install_bootstrap } from "../../bootstrap/install"
import { events } from "../../base/js/events"
import { Jupyter } from "../../base/js/namespace"
import { Page } from "../../base/js/page"
import "../../base/js/promises"
import * as utils from "../../base/js/utils"
import { LoginWidget } from "../../auth/js/loginwidget"
import { ConfigSection } from "../../services/config"
import { Contents } from "../../services/contents"
import { KernelList } from "./kernellist"
import { NewNotebookWidget } from "./newnotebook"
import { NotebookList } from "./notebooklist"
import { showBreadcrumbs } from "./notebooklist/location"
import { SesssionList } from "./sessionlist"
import * as shutdownbutton from "./shutdownbutton"
import { bindTabs } from "./tabs"
import { TerminalList } from "./terminallist"

/** Seconds between refreshes while the page is looked at, and the least age that a returning look refreshes. */
const TREE_TIME_REFRESH_S = 60
const MIN_DELTA_REFRESH_S = 10

/** Build the page between the user's own modules. */
export function start(): Promise<void> {
  return utils.between_user_modules(main)
}

export function main(): void {
  install_bootstrap()
  const base_url = utils.get_body_data("baseUrl") ?? "/"
  const notebook_path = utils.get_body_data("notebookPath") ?? ""
  const config = new ConfigSection("tree", { base_url })
  const common_config = new ConfigSection("common", { base_url })
  const contents = new Contents({ base_url, common_config })
  const session_list = new SesssionList({ base_url, events })
  const options = { session_list, contents, base_url, notebook_path }
  const notebook_list = new NotebookList("#notebook_list", options)
  const kernel_list = new KernelList("#running_list", options)
  const are_terminals_available = utils.get_body_data("terminalsAvailable") === "True"
  const terminal_list = are_terminals_available ? new TerminalList("#terminal_list", options) : undefined
  const new_notebook_widget = new NewNotebookWidget("#new-buttons", { base_url, notebook_path, contents, notebook_list })
  const page = new Page("div#header", "div#site")
  Object.assign(Jupyter, {
    page,
    notebook_list,
    session_list,
    kernel_list,
    terminal_list,
    login_widget: new LoginWidget("#login_widget", { base_url }),
    new_notebook_widget,
    NotebookList,
    KernelList,
    TerminalList,
    tree_time_refresh: TREE_TIME_REFRESH_S,
    min_delta_refresh: MIN_DELTA_REFRESH_S,
  })
  $("#refresh_running_list").on("click", () => session_list.load_sessions())
  shutdownbutton.activate()
  bindTabs()
  showBreadcrumbs(notebook_list)
  page.show()
  notebook_list.refresh()
  events.trigger("app_initialized.DashboardApp")
  startExtensions(config, common_config)
}

function startExtensions(config: ConfigSection, common_config: ConfigSection): void {
  void utils.load_extensions_from_config(config)
  void utils.load_extensions_from_config(common_config)
  void config.load()
  void common_config.load()
}
