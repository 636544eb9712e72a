/** Menu items that show or fetch the notebook in another form: converted, bundled, printed. */
import $ from "jquery"
import { messageOf } from "../../../../model/errors"
import * as dialog from "../../../base/js/dialog"
import { Jupyter } from "../../../base/js/namespace"
import { promising_ajax } from "../../../base/js/utils"
import { url_join_encode, url_path_join } from "../../../base/js/utils/urls"
import type { MenuBar } from "../menubar"
import { _ } from "../../../../i18n/words"

interface Exporter {
  output_mimetype: string
  /** What people call it; only exporters for people have one. */
  display_name?: string
  file_extension?: string
}

interface Bundler {
  label?: string
  module_name?: string
  group?: string
}

interface LanguageInfo {
  name?: string
  file_extension?: string
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export const downloads = {
  /** Open `url` in a window of its own. A browser that does not allow it is answered with a link. */
  _new_window(this: MenuBar, url: string): void {
    const opened = window.open(url, Jupyter._target)
    if (opened) opened.opener = null
    else this._offer_link(url)
  },

  _offer_link(this: MenuBar, url: string): void {
    const { notebook } = this
    dialog.modal({
      notebook,
      keyboard_manager: notebook.keyboard_manager,
      title: _("The browser blocked a new window"),
      body: $("<p></p>").append($("<a target='_blank' rel='noopener noreferrer'></a>").attr("href", url).text(_("Open it here"))),
      buttons: { Close: {} },
    })
  },

  /* The server works on the file, so what is unsaved goes there first. A failed save tells by itself. */
  async _open_saved(this: MenuBar, url: () => string): Promise<void> {
    const { dirty, writable } = this.notebook
    try {
      if (dirty && writable) await this.notebook.save_notebook()
    } catch {
      return
    }
    this._new_window(url())
  },

  /** Path of the notebook as part of an address; a rename changes it. */
  _path(this: MenuBar): string {
    return url_join_encode(this.notebook.notebook_path)
  },

  /** Have the notebook converted by nbconvert, to be looked at or to be kept. */
  _nbconvert(this: MenuBar, format: string, download?: boolean): void {
    void this._open_saved(() => `${url_path_join(this.base_url, "nbconvert", format, this._path())}?download=${download === true}`)
  },

  /** Have the notebook made into something by a bundler extension. */
  _bundle(this: MenuBar, bundler_id: string): void {
    void this._open_saved(() => `${url_path_join(this.base_url, "bundle", this._path())}?bundler=${encodeURIComponent(bundler_id)}`)
  },

  /** The file as it is on the disk: that needs no conversion. */
  _download_notebook(this: MenuBar): void {
    void this._open_saved(() => `${url_path_join(this.base_url, "files", this._path())}?download=1`)
  },

  /** Let each item of "Download as" fetch its format; the others are asked for when somebody looks. */
  bind_downloads(this: MenuBar): void {
    const $menu = this.element.find("#download_menu")
    for (const item of $menu.children("li[id^='download_']").get()) this._bind_download(item.id.slice("download_".length))
    $menu.parent("li").one("mouseenter focusin click", () => void this._ask_for_formats())
  },

  _bind_download(this: MenuBar, format: string): void {
    this._bind(`download_${format}`, () => (format === "notebook" ? this._download_notebook() : this._nbconvert(format, true)))
  },

  /* Asking costs the server a second or more: only who opens the list pays. */
  async _ask_for_formats(this: MenuBar): Promise<void> {
    try {
      const url = url_path_join(this.base_url, "api/nbconvert")
      this.show_formats(await promising_ajax<Record<string, Exporter>>(url, { cache: false, dataType: "json" }))
    } catch (error) {
      this._no_formats(messageOf(error))
    }
  },

  /** Show exactly the formats for people that the server can make. */
  show_formats(this: MenuBar, exporters: Readonly<Record<string, Exporter>>): void {
    const $menu = this.element.find("#download_menu")
    for (const item of $menu.children("li[id^='download_']").get()) {
      const name = item.id.slice("download_".length)
      if (name !== "notebook" && !Object.hasOwn(exporters, name)) this._disable_format(item, _("This server cannot make this format"))
    }
    for (const [name, { display_name, file_extension }] of Object.entries(exporters).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!display_name || document.getElementById(`download_${name}`)) continue
      const label = file_extension ? `${display_name} (${file_extension})` : display_name
      $("<li></li>").attr("id", `download_${name}`).append($("<a href='#'></a>").text(_(label))).appendTo($menu)
      this._bind_download(name)
    }
    this.element.trigger("items_changed")
  },

  _no_formats(this: MenuBar, why: string): void {
    for (const item of this.element.find("#download_menu > li[id^='download_']").get()) {
      if (item.id !== "download_notebook") this._disable_format(item, why)
    }
    this.element.trigger("items_changed")
  },

  _disable_format(this: MenuBar, item: HTMLElement, why: string): void {
    $(item).addClass("disabled").attr("title", why)
  },

  /** Name the script after the kernel's language. */
  update_nbconvert_script(this: MenuBar, langinfo?: LanguageInfo | null): void {
    const language = langinfo?.name ? capitalized(langinfo.name) : _("Script")
    this.element.find("#download_script > a").text(`${language} (${langinfo?.file_extension || "txt"})`)
  },

  /** Append what the user's configuration names: `bundlerextensions: {id: {label, module_name, group}}`. */
  add_bundler_items(this: MenuBar): void {
    void this.notebook.config.loaded.then(() => {
      const bundlers = (this.notebook.config.data["bundlerextensions"] ?? {}) as Record<string, Bundler | null>
      for (const [id, bundler] of Object.entries(bundlers).sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (bundler?.label) this._add_bundler(id, bundler)
      }
      this.element.trigger("items_changed")
    })
  },

  _add_bundler(this: MenuBar, id: string, bundler: Bundler): void {
    const group = bundler.group === "deploy" ? "deploy" : "download"
    const $menu = this.element.find(`#${group}_menu`)
    const $link = $("<a href='#'></a>").text(bundler.label ?? id)
    $link.on("click", (event) => {
      event.preventDefault()
      this._bundle(id)
    })
    $("<li class='bundler-item'></li>").attr("data-bundler", id).append($link).appendTo($menu)
    $menu.parent().removeClass("hidden")
  },
}
