/** `notebook/js/main`: builds the notebook page's objects in their order, shows them as `Jupyter.*`, opens the notebook. */
import $ from "jquery"
import { messageOf } from "../../../model/errors"
import { LoginWidget } from "../../auth/js/loginwidget"
import { Jupyter } from "../../base/js/namespace"
import { events } from "../../base/js/events"
import * as utils from "../../base/js/utils"
import { Page } from "../../base/js/page"
import * as mathjaxutils from "../../base/js/mathjaxutils"
import { ConfigSection } from "../../services/config"
import { Contents } from "../../services/contents"
import * as actions from "./actions"
import { bind_about, publish_system_facts } from "./about"
import { CellToolbar } from "./celltoolbar"
import * as attachmentsPreset from "./celltoolbarpresets/attachments"
import * as defaultPreset from "./celltoolbarpresets/default"
import * as rawCellPreset from "./celltoolbarpresets/rawcell"
import * as slideshowPreset from "./celltoolbarpresets/slideshow"
import * as tagsPreset from "./celltoolbarpresets/tags"
import { setup_clipboard_events } from "./clipboard"
import { CodeCell } from "./codecell"
import { Drafts } from "./drafts"
import { KernelSelector } from "./kernelselector"
import { layout_manager } from "./layoutmanager"
import { KeyboardManager } from "./keyboardmanager"
import { MainToolBar } from "./maintoolbar"
import { MenuBar } from "./menubar"
import { Notebook } from "./notebook"
import { NotebookNotificationArea } from "./notificationarea"
import { Outline } from "./outline"
import { Pager } from "./pager"
import { QuickHelp } from "./quickhelp"
import { load as load_search_and_replace } from "./searchandreplace"
import { SaveWidget } from "./savewidget"
import { Tooltip } from "./tooltip"
import { _ } from "../../../i18n/words"

/** How long the notebook waits for the configuration before it opens with the defaults. */
const CONFIG_WAIT_MS = 5000

interface PageData {
  base_url: string
  ws_url: string
  notebook_path: string
  notebook_name: string
  nbclassic_path: string
}

function pageData(): PageData {
  const notebook_path = utils.get_body_data("notebookPath")
  if (!notebook_path) throw new Error(_("The page does not say which notebook it is for (data-notebook-path is missing on <body>)."))
  return {
    base_url: utils.get_body_data("baseUrl") ?? "/",
    ws_url: utils.get_body_data("wsUrl") ?? "",
    notebook_path,
    notebook_name: utils.get_body_data("notebookName") ?? utils.url_path_split(notebook_path)[1],
    nbclassic_path: "",
  }
}

/** Read a section; a server that cannot answer leaves the defaults. */
function loadSection(name: string, base_url: string): ConfigSection {
  const section = new ConfigSection(name, { base_url })
  section.load().catch((error: unknown) => console.error(`The configuration “${name}” could not be read:`, error))
  return section
}

function buildObjects(data: PageData): Record<string, unknown> & { notebook: Notebook; page: Page; config: ConfigSection; common: ConfigSection } {
  const config = loadSection("notebook", data.base_url)
  const common = loadSection("common", data.base_url)
  mathjaxutils.init() // before any extension: they queue formulas through MathJax.Hub
  const page = new Page("div#header", "div#site")
  const pager = new Pager("div#pager", { events })
  const acts = new actions.init()
  const keyboard_manager = new KeyboardManager({ pager, events, actions: acts, config })
  const save_widget = new SaveWidget("span#save_widget", { events, keyboard_manager, base_url: data.base_url })
  const contents = new Contents({ base_url: data.base_url, common_config: common })
  const notebook = new Notebook("div#notebook", { events, keyboard_manager, save_widget, contents, config, ...data })
  const tooltip = new Tooltip(events)
  notebook.tooltip = tooltip
  const quick_help = new QuickHelp({ keyboard_manager, events, notebook })
  keyboard_manager.set_notebook(notebook)
  keyboard_manager.set_quickhelp(quick_help)
  acts.extend_env({ notebook, pager, quick_help, save_widget })
  load_search_and_replace(keyboard_manager)
  setup_clipboard_events(notebook)
  const toolbar = new MainToolBar("#maintoolbar-container", { notebook, events, actions: acts })
  /* Before the menus: they would be made anew for each. */
  for (const preset of [defaultPreset, rawCellPreset, slideshowPreset, attachmentsPreset, tagsPreset]) preset.register(notebook)
  const menubar = new MenuBar("#menubar", {
    notebook, contents, events, save_widget, quick_help, actions: acts, config, base_url: data.base_url,
    notebook_path: data.notebook_path,
  } as never)
  const notification_area = new NotebookNotificationArea("#notification_area", { events, save_widget, notebook, keyboard_manager })
  notification_area.init_notification_widgets()
  const kernelselector = new KernelSelector("#kernel_logo_widget", notebook)
  const login_widget = new LoginWidget("#login_widget", { base_url: data.base_url })
  bind_about(notebook)
  new Drafts(notebook)
  notebook.outline = new Outline(notebook)
  return {
    page, config, common, login_widget, notebook, contents, pager, quick_help, menubar, toolbar, notification_area, keyboard_manager,
    save_widget, tooltip, kernelselector,
  }
}

function publish(objects: Record<string, unknown>): void {
  const { config: _config, common: _common, ...members } = objects
  Object.assign(Jupyter, members, { CodeCell, CellToolbar, layout_manager })
  if (!Object.getOwnPropertyDescriptor(Jupyter, "actions")) {
    Object.defineProperty(Jupyter, "actions", {
      configurable: true,
      enumerable: true,
      get() {
        console.warn("Jupyter.actions is deprecated; use Jupyter.keyboard_manager.actions")
        return (Jupyter["keyboard_manager"] as KeyboardManager).actions
      },
    })
  }
}

async function loadExtensions(config: ConfigSection, common: ConfigSection): Promise<void> {
  await Promise.allSettled([utils.load_extensions_from_config(config as never), utils.load_extensions_from_config(common as never)])
}

/** The address may name a heading that exists only now that the notebook is shown. */
function followHash(): void {
  const { hash } = window.location
  if (!hash) return
  window.location.hash = ""
  window.location.hash = hash
}

/** Say in the page why it did not start; a blank page says nothing. */
export function show_start_error(error: unknown): void {
  console.error("The notebook page could not start:", error)
  const text = messageOf(error)
  const box = $("<div/>").addClass("alert alert-danger container").attr("role", "alert").append(
    $("<h4/>").text(_("The notebook page could not start")),
    $("<pre/>").text(text),
    $("<p/>").text(_("Nothing was changed in the notebook's file. Reload the page; if that does not help, the browser's console tells more.")),
  )
  $("#header, #site").show()
  $("#site").prepend(box)
}

/** Build the page and open its notebook. Resolves when the notebook is shown, or its failure is. */
export async function start(): Promise<void> {
  await utils.load_custom_preload()
  const data = pageData()
  const objects = buildObjects(data)
  const { notebook, page, config, common } = objects
  publish(objects)
  publish_system_facts()
  events.one("notebook_loaded.Notebook", followHash)
  page.show()
  events.trigger("app_initialized.NotebookApp")
  ;(objects["kernelselector"] as KernelSelector).request_kernelspecs()
  void loadExtensions(config, common)
  void utils.load_optional("custom/custom")
  /* Cells are made with the configured editor options, so these come first; extensions do not. */
  await Promise.race([config.loaded, new Promise((resolve) => setTimeout(resolve, CONFIG_WAIT_MS))])
  await notebook.load_notebook(data.notebook_path)
}
