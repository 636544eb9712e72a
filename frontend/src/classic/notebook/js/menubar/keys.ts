/** The keys that menu items show beside their names. */
import $ from "jquery"
import { humanize_sequence } from "../quickhelp"
import type { MenuBar } from "../menubar"
import { ITEM_ACTIONS } from "./items"

export const itemKeys = {
  /** Show each item's key as it is now; users and extensions change keys at any time. */
  show_shortcuts(this: MenuBar): void {
    for (const [id, name] of Object.entries(ITEM_ACTIONS)) this._show_shortcut(id, `jupyter-notebook:${name}`)
  },

  _show_shortcut(this: MenuBar, id: string, action_name: string): void {
    const { command_shortcuts, edit_shortcuts } = this.keyboard_manager
    const shortcut = command_shortcuts.get_action_shortcut(action_name) ?? edit_shortcuts.get_action_shortcut(action_name)
    const $link = this.element.find(`#${id} > a`)
    $link.children(".kb").remove()
    if (shortcut) $("<span class='kb'></span>").html(humanize_sequence(shortcut)).appendTo($link)
  },
}
