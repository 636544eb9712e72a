/** The notebook's menus. Their DOM comes with the page; each item calls an action or a method by name. */
import $ from "jquery"
import { install_bootstrap } from "../../bootstrap/install"
import type { EventBus } from "../../base/js/events"
import { Jupyter } from "../../base/js/namespace"
import { get_body_data, url_join_encode, url_path_join, url_path_split } from "../../base/js/utils/urls"
import type { ActionHandler } from "./actions"
import { CellToolbar } from "./celltoolbar"
import type { KeyboardManager } from "./keyboardmanager"
import { ITEM_ACTIONS } from "./menubar/items"
import type { Notebook } from "./notebook"
import { humanize_sequence, type QuickHelp } from "./quickhelp"

interface Checkpoint {
  id: string
  last_modified: string | Date
}

interface HelpLink {
  text: string
  url: string
}

export interface MenuBarOptions {
  notebook: Notebook
  events: EventBus
  actions: ActionHandler
  quick_help?: QuickHelp
  base_url?: string
  keyboard_manager?: KeyboardManager
}

const CHECKPOINT_FORMAT = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" })

export class MenuBar {
  selector: string
  element: JQuery
  notebook: Notebook
  actions: ActionHandler
  events: EventBus
  quick_help: QuickHelp | undefined
  base_url: string
  keyboard_manager: KeyboardManager

  constructor(selector: string, options: MenuBarOptions) {
    this.selector = selector
    this.element = $(selector)
    this.notebook = options.notebook
    this.actions = options.actions
    this.events = options.events
    this.quick_help = options.quick_help
    this.base_url = options.base_url ?? get_body_data("base-url") ?? "/"
    this.keyboard_manager = options.keyboard_manager ?? options.notebook.keyboard_manager
    install_bootstrap()
    this.style()
    this.bind_events()
  }

  style(): void {
    this.element.addClass("border-box-sizing")
    this.element.find("li").on("click", () => {
      const index = this.notebook.get_selected_index()
      if (index !== null) this.notebook.select(index, false)
    })
    /* On a narrow screen the menus fold away when something has been chosen. */
    this.element.on("click", ".dropdown-menu > li:not(.dropdown-submenu) > a", () => {
      this.element.find(".navbar-collapse.in").collapse("hide")
    })
  }

  bind_events(): void {
    for (const [id, name] of Object.entries(ITEM_ACTIONS)) this._bind_action(id, `jupyter-notebook:${name}`)
    this._bind("open_notebook", () => this._open_folder())
    this._bind("save_notebook_as", () => this.notebook.save_notebook_as())
    this._bind("download_notebook", () => this._download_notebook())
    this._bind("edit_nb_metadata", () => this.notebook.edit_metadata())
    this._bind("reconnect_kernel", () => this.notebook.kernel?.reconnect())
    this._add_celltoolbar_list()
    this.events.on("preset_added.CellToolbar unregistered_preset.CellToolbar", () => this._add_celltoolbar_list())
    this.update_restore_checkpoint(null)
    this.events.on("checkpoints_listed.Notebook", () => this.update_restore_checkpoint(this.notebook.checkpoints))
    this.events.on("checkpoint_created.Notebook", () => this.update_restore_checkpoint(this.notebook.checkpoints))
    this.events.on("trust_changed.Notebook", (_event: unknown, trusted: boolean) => this._show_trust(trusted))
    this.events.on("kernel_ready.Kernel", (_event: unknown, ready: { kernel: { info_reply: { help_links?: HelpLink[] } } }) => {
      this.add_kernel_help_links(ready.kernel.info_reply.help_links ?? [])
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
    const { command_shortcuts, edit_shortcuts } = this.keyboard_manager
    const shortcut = command_shortcuts.get_action_shortcut(action_name) ?? edit_shortcuts.get_action_shortcut(action_name)
    const $label = $("<span class='action'></span>").text($link.text())
    $link.empty().addClass("menu-shortcut-container").append($label)
    if (shortcut) $("<span class='kb'></span>").html(humanize_sequence(shortcut)).appendTo($link)
  }

  _new_window(url: string): void {
    const opened = window.open("", Jupyter._target)
    if (!opened) return
    opened.opener = null
    opened.location.href = url
  }

  _open_folder(): void {
    const parent = url_path_split(this.notebook.notebook_path)[0]
    this._new_window(url_path_join(this.base_url, "tree", url_join_encode(parent)))
  }

  /** The file as it is on the disk, after what is unsaved has been saved. */
  _download_notebook(): void {
    const { dirty, writable } = this.notebook
    const path = url_join_encode(this.notebook.notebook_path)
    const start = (): void => window.location.assign(`${url_path_join(this.base_url, "files", path)}?download=1`)
    if (dirty && writable) void this.notebook.save_notebook().then(start, () => undefined) // a failed save tells by itself
    else start()
  }

  /** Kept for extensions: the header's height is the page's affair. */
  _size_header(): void {
    this.events.trigger("resize-header.Page")
  }

  /** Fill "Cell Toolbar" with the presets there are, those of extensions too. */
  _add_celltoolbar_list(): void {
    const $list = this.element.find("#menu-cell-toolbar-submenu").empty()
    $list.append(this._celltoolbar_item("None", ""))
    for (const name of CellToolbar.list_presets()) $list.append(this._celltoolbar_item(name, name))
  }

  _celltoolbar_item(label: string, preset: string): JQuery {
    const $link = $("<a href='#'></a>").text(label)
    $link.on("click", (event) => {
      event.preventDefault()
      this.notebook._choose_celltoolbar(preset)
    })
    return $("<li></li>").attr("data-name", encodeURIComponent(preset)).append($link)
  }

  _show_trust(trusted: boolean): void {
    const $item = this.element.find("#trust_notebook").toggleClass("disabled", trusted)
    $item.find(".action").text(trusted ? "Trusted Notebook" : "Trust Notebook")
  }

  /** Fill "Revert to Checkpoint" with the checkpoints' dates. */
  update_restore_checkpoint(checkpoints: readonly Checkpoint[] | null | undefined): void {
    const $list = this.element.find("#restore_checkpoint > ul").empty()
    if (!checkpoints?.length) {
      $list.append("<li class='disabled'><a href='#'>No checkpoints</a></li>")
      return
    }
    for (const checkpoint of checkpoints) $list.append(this._checkpoint_item(checkpoint))
  }

  _checkpoint_item(checkpoint: Checkpoint): JQuery {
    const $link = $("<a href='#'></a>").text(CHECKPOINT_FORMAT.format(new Date(checkpoint.last_modified)))
    $link.on("click", (event) => {
      event.preventDefault()
      this.notebook.restore_checkpoint_dialog(checkpoint as never)
    })
    return $("<li></li>").append($link)
  }

  /** The kernel's own help links, before the menu's last divider; they take the place of those of an earlier kernel. */
  add_kernel_help_links(help_links: readonly HelpLink[]): void {
    const $menu = this.element.find("#help_menu")
    $menu.find("#kernel-help-links, .kernel-help-link").remove()
    if (help_links.length === 0) return
    const $last = $menu.find("li.divider").last()
    $("<li id='kernel-help-links' class='divider'></li>").insertBefore($last)
    for (const link of help_links) this._help_item(link)?.insertBefore($last)
  }

  /* Kernels choose these addresses; only pages are followed. */
  _help_item(link: HelpLink): JQuery | undefined {
    const url = window.requirejs?.toUrl ? window.requirejs.toUrl(link.url) : link.url
    const { protocol } = new URL(url, document.baseURI)
    if (protocol !== "http:" && protocol !== "https:") return undefined
    const $icon = $("<i class='fa fa-external-link menu-icon pull-right' aria-hidden='true'></i>")
    const $link = $("<a target='_blank' rel='noopener noreferrer' title='Opens in a new window'></a>")
    return $("<li class='kernel-help-link'></li>").append($link.attr("href", url).append($icon, document.createTextNode(link.text)))
  }
}
