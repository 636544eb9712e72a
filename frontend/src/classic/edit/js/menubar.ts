/** `edit/js/menubar`: File, Edit, View and Language menus of the text editor. */
import $ from "jquery"
import { messageOf } from "../../../model/errors"
import * as dialog from "../../base/js/dialog"
import type { EventBus } from "../../base/js/events"
import { Jupyter } from "../../base/js/namespace"
import * as utils from "../../base/js/utils"
import { modes, type CodeMirrorOptions, type Editor, type ModeInfo } from "./editor"
import type { SaveWidget } from "./savewidget"
import { _ } from "../../../i18n/words"

export interface MenuBarOptions {
  base_url: string
  editor: Editor
  events: EventBus
  save_widget: SaveWidget
}

const KEYMAPS = ["default", "sublime", "vim", "emacs"] as const

export class MenuBar {
  selector: string
  element: JQuery<HTMLElement>
  base_url: string
  editor: Editor
  events: EventBus
  save_widget: SaveWidget

  constructor(selector: string, options: MenuBarOptions) {
    this.selector = selector
    this.element = $<HTMLElement>(selector)
    this.base_url = options.base_url
    this.editor = options.editor
    this.events = options.events
    this.save_widget = options.save_widget
    this.bind_events()
    this._load_mode_menu()
    Object.seal(this)
  }

  bind_events(): void {
    this._on("#new-file", () => void this._new_file())
    this._on("#save-file", () => void this.editor.save())
    this._on("#rename-file", () => this.save_widget.rename())
    this._on("#download-file", () => this._download())
    this._on("#menu-find", () => this._command("find"))
    this._on("#menu-replace", () => this._command("replace"))
    this._on("#toggle_header", () => this._toggle_header())
    this._on("#menu-line-numbers", () => {
      void this.editor.update_codemirror_options({ lineNumbers: !this.editor.codemirror.getOption("lineNumbers") })
    })
    for (const keyMap of KEYMAPS) {
      this._on(`#menu-keymap-${keyMap}`, () => void this.editor.update_codemirror_options({ keyMap, vimMode: keyMap === "vim" }))
    }
    this.events.on("config_changed.Editor", () => this._show_keymap())
    this.events.on("mode_changed.Editor", (_evt, modeinfo: ModeInfo) => {
      this.element.find("#current-mode").text(modeinfo.name).attr("title", _("The current language is %s", modeinfo.name))
    })
    this._show_keymap()
  }

  _on(item: string, act: () => void): void {
    this.element.find(item).on("click", "a", (event) => {
      event.preventDefault()
      act()
    })
  }

  _command(name: "find" | "replace"): void {
    this.editor.codemirror.focus()
    this.editor.codemirror.execCommand(name)
  }

  _toggle_header(): void {
    $("#header-container, .header-bar").toggle()
    this.events.trigger("resize-header.Page")
  }

  _show_keymap(): void {
    const options = (this.editor.config.data.Editor as { codemirror_options?: CodeMirrorOptions } | undefined)?.codemirror_options
    const current = options?.keyMap ?? "default"
    for (const keyMap of KEYMAPS) {
      const isCurrent = keyMap === current
      const $item = this.element.find(`#menu-keymap-${keyMap}`).toggleClass("selected-keymap", isCurrent)
      $item.children("a").attr({ role: "menuitemradio", "aria-checked": String(isCurrent) })
    }
  }

  async _new_file(): Promise<void> {
    const tab = window.open(undefined, Jupyter._target) // within the click, or it would be blocked
    const folder = utils.url_path_split(this.editor.file_path)[0]
    const [, extension] = utils.splitext(this.editor.get_filename())
    try {
      const model = await this.editor.contents.new_untitled(folder, { type: "file", ext: extension || ".txt" })
      const url = utils.url_path_join(this.base_url, "edit", utils.encode_uri_components(model.path))
      if (tab) tab.location.href = url
      else window.open(url, Jupyter._target)
    } catch (error) {
      tab?.close()
      const body = _("No file was created in \"/%1$s\": %2$s", folder, messageOf(error))
      dialog.modal({ title: _("Creating File Failed"), body, buttons: { OK: { class: "btn-primary" } } })
    }
  }

  /** The file as it is on disk. */
  _download(): void {
    const url = utils.url_path_join(this.base_url, "files", utils.encode_uri_components(this.editor.file_path))
    const link = document.createElement("a")
    link.href = `${url}?download=1`
    link.download = this.editor.get_filename()
    link.click()
  }

  _load_mode_menu(): void {
    const $menu = this.element.find("#mode-menu").empty()
    for (const modeinfo of modes.modeInfo) {
      const $link = $("<a href='#' role='menuitem'></a>").text(modeinfo.name).attr("title", _("Use %s for this kind of file", modeinfo.name))
      $link.on("click", (event) => {
        event.preventDefault()
        this.editor.save_codemirror_mode(modeinfo)
      })
      $("<li role='presentation'></li>").append($link).appendTo($menu)
    }
  }
}
