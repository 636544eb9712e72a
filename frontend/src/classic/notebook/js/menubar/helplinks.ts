/** Help: links that the kernel brings. */
import $ from "jquery"
import type { MenuBar } from "../menubar"
import { _ } from "../../../../i18n/words"

export interface HelpLink {
  text: string
  url: string
}

/* Kernels choose these addresses; only pages are followed. */
function helpItem(link: HelpLink): JQuery | undefined {
  const url = window.requirejs?.toUrl ? window.requirejs.toUrl(link.url) : link.url
  if (!URL.canParse(url, document.baseURI)) return undefined
  const { protocol } = new URL(url, document.baseURI)
  if (protocol !== "http:" && protocol !== "https:") return undefined
  const $icon = $("<i class='fa fa-external-link menu-icon pull-right' aria-hidden='true'></i>")
  const $link = $("<a target='_blank' rel='noopener noreferrer'></a>").attr("title", _("Opens in a new window"))
  return $("<li class='kernel-help-link'></li>").append($link.attr("href", url).append($icon, document.createTextNode(link.text)))
}

export const helpLinks = {
  /** Put the links before the menu's last divider; they take the place of those of an earlier kernel. */
  add_kernel_help_links(this: MenuBar, help_links: readonly HelpLink[]): void {
    const $menu = this.element.find("#help_menu")
    $menu.find("#kernel-help-links, .kernel-help-link").remove()
    if (help_links.length > 0) {
      const $last = $menu.find("li.divider").last()
      $("<li id='kernel-help-links' class='divider'></li>").insertBefore($last)
      for (const link of help_links) helpItem(link)?.insertBefore($last)
    }
    this.element.trigger("items_changed")
  },
}
