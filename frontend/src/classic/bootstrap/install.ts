/** Puts the plugins on `$`, once. Not Bootstrap: our own small ones, under the names that extensions call. */
import $ from "jquery"
import { alertPlugin, bindButtons, buttonPlugin } from "./button"
import { bindCollapse, collapsePlugin } from "./collapse"
import { bindDropdowns, dropdownPlugin } from "./dropdown"
import { modalPlugin } from "./modal"
import { popoverPlugin } from "./popover"
import { bindTabs, tabPlugin } from "./tab"
import { tooltipPlugin } from "./tooltip"

let isInstalled = false

/** Safe to call from every place that needs a plugin. */
export function install_bootstrap(): void {
  if (isInstalled) return
  isInstalled = true
  $.fn.modal = modalPlugin as typeof $.fn.modal
  $.fn.dropdown = dropdownPlugin as typeof $.fn.dropdown
  $.fn.collapse = collapsePlugin as typeof $.fn.collapse
  $.fn.tooltip = tooltipPlugin as typeof $.fn.tooltip
  $.fn.popover = popoverPlugin as typeof $.fn.popover
  $.fn.tab = tabPlugin as typeof $.fn.tab
  $.fn.button = buttonPlugin as typeof $.fn.button
  $.fn.alert = alertPlugin as typeof $.fn.alert
  bindDropdowns()
  bindCollapse()
  bindTabs()
  bindButtons()
}
