/** What screen readers and the Tab key are told of the menu bar: a bar of menus, one stop for Tab. */
import $ from "jquery"
import { _ } from "../../../../i18n/words"

const TOP = ".navbar-nav > li > a"

/** Give every part its role; again after items came or went. */
export function describeMenus($bar: JQuery): void {
  $bar.find(".navbar-nav").attr({ role: "menubar", "aria-label": _("Notebook menus") })
  $bar.find("li").not(".divider").attr("role", "none")
  $bar.find("li.divider").attr("role", "separator")
  $bar.find("ul.dropdown-menu").each((_index, menu) => {
    const label = $(menu).siblings("a").first().text().trim()
    menu.setAttribute("role", "menu")
    menu.setAttribute("aria-label", label)
  })
  $bar.find("li > a").each((_index, link) => {
    link.setAttribute("role", "menuitem")
    const is_disabled = link.parentElement?.classList.contains("disabled") === true
    if (is_disabled) link.setAttribute("aria-disabled", "true")
    else link.removeAttribute("aria-disabled")
  })
  $bar.find(".dropdown-menu a").attr("tabindex", "-1")
}

/** Let one of the menus' names be in the order of Tab: the one that was last used. */
export function keepOneTabStop($bar: JQuery): void {
  const $tops = $bar.find(TOP)
  $tops.attr("tabindex", "-1").first().attr("tabindex", "0")
  $bar.on("focusin", TOP, (event) => {
    $tops.attr("tabindex", "-1")
    $(event.currentTarget as HTMLElement).attr("tabindex", "0")
  })
}
