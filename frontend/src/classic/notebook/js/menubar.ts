/** The notebook's menus. Their DOM comes with the page; each item calls an action or a method by name. Methods by subject in `menubar/`. */
import $ from "jquery"
import { install_bootstrap } from "../../bootstrap/install"
import type { EventBus } from "../../base/js/events"
import { calm } from "../../../view/calm"
import { get_body_data, url_join_encode, url_path_join, url_path_split } from "../../base/js/utils/urls"
import type { ActionHandler } from "./actions"
import type { KeyboardManager } from "./keyboardmanager"
import { celltoolbars } from "./menubar/celltoolbars"
import { checkpointItems } from "./menubar/checkpoints"
import { downloads } from "./menubar/downloads"
import { helpLinks, type HelpLink } from "./menubar/helplinks"
import { ITEM_ACTIONS } from "./menubar/items"
import { itemKeys } from "./menubar/keys"
import { describeMenus, keepOneTabStop } from "./menubar/semantics"
import type { Notebook } from "./notebook"
import type { QuickHelp } from "./quickhelp"
import { NotebookTour } from "./tour"
import { _ } from "../../../i18n/words"

export interface MenuBarOptions {
  notebook: Notebook
  events: EventBus
  actions: ActionHandler
  quick_help?: QuickHelp
  base_url?: string
  keyboard_manager?: KeyboardManager
}

interface KernelReady {
  kernel: { info_reply?: { help_links?: HelpLink[]; language_info?: { name?: string; file_extension?: string } } }
}

export class MenuBar {
  selector: string
  element: JQuery
  notebook: Notebook
  actions: ActionHandler
  events: EventBus
  quick_help: QuickHelp | undefined
  base_url: string
  keyboard_manager: KeyboardManager
  tour: NotebookTour | null
  _is_outdated: boolean

  constructor(selector: string, options: MenuBarOptions) {
    this.selector = selector
    this.element = $(selector)
    this.notebook = options.notebook
    this.actions = options.actions
    this.events = options.events
    this.quick_help = options.quick_help
    this.base_url = options.base_url ?? get_body_data("base-url") ?? "/"
    this.keyboard_manager = options.keyboard_manager ?? options.notebook.keyboard_manager
    this.tour = new NotebookTour(this.notebook, this.events)
    this._is_outdated = false
    install_bootstrap()
    this.style()
    this.bind_events()
    this.add_bundler_items()
    this._describe()
  }

  _describe(): void {
    keepOneTabStop(this.element)
    this._update_later()
    this.element.on("items_changed", () => this._update_later())
    this.element.on("focusin show.bs.dropdown", () => this._update())
    /* An item may have become possible, or impossible, since its menu was last open. */
    this.element.on("shown.bs.dropdown", () => describeMenus(this.element))
  }

  /* Nobody sees closed menus: their keys and roles can wait until the page has time, or somebody comes to them. */
  _update_later(): void {
    if (!this._is_outdated) void calm().then(() => this._update())
    this._is_outdated = true
  }

  _update(): void {
    if (!this._is_outdated) return
    this._is_outdated = false
    this.show_shortcuts()
    describeMenus(this.element)
  }

  style(): void {
    this.element.addClass("border-box-sizing")
    /* Also for items that come later, of kernels, checkpoints and extensions. */
    this.element.on("click", "li", () => {
      const index = this.notebook.get_selected_index()
      if (index !== null) this.notebook.select(index, false)
    })
    this._fold_when_done()
  }

  /* On a narrow screen the menus fold away when something has been chosen, and when the reader goes on in the notebook. */
  _fold_when_done(): void {
    const fold = (): void => void this.element.find(".navbar-collapse.in").collapse("hide")
    $("#site").on("click", fold)
    this.element.on("click", ".dropdown-menu > li:not(.dropdown-submenu) > a", () => {
      fold()
      setTimeout(() => this._give_focus_back()) // after the menu has closed and the item has done its work
    })
  }

  /* The chosen item is not to be seen any more; what opened a dialog or an editor has the focus there. */
  _give_focus_back(): void {
    const active = document.activeElement
    const is_lost = active === null || active === document.body || this.element[0]?.contains(active) === true
    if (is_lost && this.element.find(".open").length === 0) this.notebook.get_selected_cell()?.element.trigger("focus")
  }

  bind_events(): void {
    for (const [id, name] of Object.entries(ITEM_ACTIONS)) this._bind_action(id, `jupyter-notebook:${name}`)
    this.events.on("rebuild.QuickHelp", () => this._update_later())
    this._bind("open_notebook", () => this._open_folder())
    this._bind("save_notebook_as", () => this.notebook.save_notebook_as())
    this._bind("print_preview", () => this._nbconvert("html", false))
    this._bind("edit_nb_metadata", () => this.notebook.edit_metadata())
    this._bind("reconnect_kernel", () => this.notebook.kernel?.reconnect())
    this._bind("notebook_tour", () => this.tour?.start())
    this.bind_downloads()
    this._add_celltoolbar_list()
    this.events.on("preset_added.CellToolbar unregistered_preset.CellToolbar", () => this._add_celltoolbar_list())
    this.update_restore_checkpoint(null)
    this._follow_events()
  }

  _follow_events(): void {
    this.events.on("checkpoints_listed.Notebook", () => this.update_restore_checkpoint(this.notebook.checkpoints))
    this.events.on("checkpoint_created.Notebook", () => this.update_restore_checkpoint(this.notebook.checkpoints))
    this.events.on("trust_changed.Notebook", (_event: unknown, trusted: boolean) => this._show_trust(trusted))
    this.events.on("kernelspecs_loaded.KernelSpec spec_changed.Kernel", () => void this.element.trigger("items_changed"))
    this.events.on("kernel_ready.Kernel", (_event: unknown, ready: KernelReady) => {
      this.add_kernel_help_links(ready.kernel.info_reply?.help_links ?? [])
      this.update_nbconvert_script(ready.kernel.info_reply?.language_info)
    })
  }

  /* `run` is looked up and called when the item is chosen, never before. */
  _bind(id: string, run: (event: JQuery.ClickEvent) => unknown): JQuery {
    const $item = this.element.find(`#${id}`)
    return $item.children("a").on("click", (event) => {
      event.preventDefault() // the link's "#" must not land in the address bar
      if (!$item.hasClass("disabled")) run(event as unknown as JQuery.ClickEvent)
    })
  }

  _bind_action(id: string, action_name: string): void {
    const $link = this._bind(id, (event) => this.actions.call(action_name, event))
    const $label = $("<span class='action'></span>").text($link.text())
    $link.empty().addClass("menu-shortcut-container").append($label)
  }

  _open_folder(): void {
    const parent = url_path_split(this.notebook.notebook_path)[0]
    this._new_window(url_path_join(this.base_url, "tree", url_join_encode(parent)))
  }

  /** Kept for extensions: the header's height is the page's affair. */
  _size_header(): void {
    this.events.trigger("resize-header.Page")
  }

  _show_trust(trusted: boolean): void {
    const $item = this.element.find("#trust_notebook").toggleClass("disabled", trusted)
    $item.find(".action").text(trusted ? _("Trusted Notebook") : _("Trust Notebook"))
  }
}

/* Every part becomes ordinary, replaceable methods of the prototype. */
Object.assign(MenuBar.prototype, celltoolbars, checkpointItems, downloads, helpLinks, itemKeys)

type Parts = typeof celltoolbars & typeof checkpointItems & typeof downloads & typeof helpLinks & typeof itemKeys

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface MenuBar extends Parts {}
