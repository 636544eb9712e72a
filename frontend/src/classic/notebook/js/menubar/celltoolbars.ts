/** View → Cell Toolbar: one item per preset, as they come and go. */
import $ from "jquery"
import { CellToolbar } from "../celltoolbar"
import type { MenuBar } from "../menubar"
import { _ } from "../../../../i18n/words"

export const celltoolbars = {
  /** Fill "Cell Toolbar" with the presets there are, those of extensions too. */
  _add_celltoolbar_list(this: MenuBar): void {
    const $list = this.element.find("#menu-cell-toolbar-submenu").empty()
    $list.append(this._celltoolbar_item("None", ""))
    for (const name of CellToolbar.list_presets()) $list.append(this._celltoolbar_item(name, name))
    this.element.trigger("items_changed")
  },

  _celltoolbar_item(this: MenuBar, label: string, preset: string): JQuery {
    const $link = $("<a href='#'></a>").text(_(label))
    $link.on("click", (event) => {
      event.preventDefault()
      this.notebook._choose_celltoolbar(preset)
    })
    return $("<li></li>").attr("data-name", encodeURIComponent(preset || label)).append($link)
  },
}
