/** `notebook/js/kernelselector`: which kernel the notebook runs on; the lists of kernels in the menus; the kernel's logo. */
import $ from "jquery"
import { Jupyter } from "../../base/js/namespace"
import * as dialog from "../../base/js/dialog"
import type { EventBus } from "../../base/js/events"
import * as utils from "../../base/js/utils"
import { chooseKernel, sortedSpecs, type KernelSpecModel, type WantedKernel } from "../../../model/kernelchoice"
import type { Notebook } from "./notebook"
import { messageOf } from "../../../model/errors"
import { _ } from "../../../i18n/words"

interface KernelSpecs {
  default: string
  kernelspecs: Record<string, KernelSpecModel>
}

interface SpecNotFound {
  selected: WantedKernel
  /** Names. */
  matches: string[]
  /** Names. */
  available: string[]
}

export class KernelSelector {
  selector: string
  notebook: Notebook
  events: EventBus
  element: JQuery
  kernelspecs: Record<string, KernelSpecModel>
  current_selection: string | null
  /** What the server starts where nothing else is asked for. */
  default_kernel: string | null
  /** Resolves when the kernelspecs are known. */
  loaded: Promise<void>
  _finish_load!: () => void
  /** The present kernel brought its own script; only a reload gets rid of it. */
  _locked: boolean
  /** The kernel that was started before the notebook was shown. */
  _begun: string | null

  constructor(selector: string, notebook: Notebook) {
    this.selector = selector
    this.notebook = notebook
    this.events = notebook.events
    this.element = $(selector)
    this.kernelspecs = {}
    this.current_selection = null
    this.default_kernel = null
    this._locked = false
    this._begun = null
    this.loaded = new Promise((resolve) => {
      this._finish_load = resolve
    })
    notebook.set_kernelselector(this)
    this.bind_events()
  }

  /** Ask the server which kernels are installed. */
  request_kernelspecs(): void {
    const url = utils.url_path_join(this.notebook.base_url, "api/kernelspecs")
    utils.promising_ajax<KernelSpecs>(url, { dataType: "json" }).then(
      (answer) => this._got_kernelspecs(answer),
      (error: unknown) => this._kernelspecs_failed(error),
    )
  }

  _kernelspecs_failed(error: unknown): void {
    dialog.modal({
      notebook: this.notebook,
      keyboard_manager: this.notebook.keyboard_manager,
      title: _("Kernels unknown"),
      body: _("The list of installed kernels could not be read: %s The notebook can be edited and saved, but not run.", messageOf(error)),
      buttons: { OK: {}, "Try again": { class: "btn-primary", click: () => this.request_kernelspecs() } },
    })
  }

  _got_kernelspecs(data: KernelSpecs): void {
    this.kernelspecs = data.kernelspecs
    this.default_kernel = data.default
    const change = $("#menu-change-kernel-submenu").empty()
    const create = $("#menu-new-notebook-submenu").empty()
    for (const spec of sortedSpecs(data.kernelspecs)) {
      change.append(menuItem(`kernel-submenu-${spec.name}`, spec, () => this.set_kernel(spec.name)))
      create.append(menuItem(`new-notebook-submenu-${spec.name}`, spec, () => void this.new_notebook(spec.name)))
    }
    this._show_current_first()
    this.events.trigger("kernelspecs_loaded.KernelSpec", data.kernelspecs)
    this._finish_load()
  }

  /** A notebook got its kernel: show its name and logo, remember it, load what it brings, start it. */
  _spec_changed(_event: unknown, ks: KernelSpecModel): void {
    this.current_selection = ks.name
    this._show_current_first()
    this._show_logo(ks)
    this._load_css(ks)
    this._load_script(ks)
  }

  /** In the New Notebook menu, the present kernel stands first. */
  _show_current_first(): void {
    const menu = $("#menu-new-notebook-submenu")
    menu.find("li.divider").remove()
    const items = sortedSpecs(this.kernelspecs).map((spec) => document.getElementById(`new-notebook-submenu-${spec.name}`))
    menu.append(...items.filter((item) => item !== null))
    const current = this.current_selection && document.getElementById(`new-notebook-submenu-${this.current_selection}`)
    if (!current) return
    menu.prepend(current)
    if (menu.children().length > 1) $("<li/>").addClass("divider").insertAfter(current)
  }

  _show_logo(ks: KernelSpecModel): void {
    const logo = this.element.find("img.current_kernel_logo")
    const url = ks.resources["logo-64x64"]
    logo.off("load error").on("load", () => void logo.prop("hidden", false)).on("error", () => void logo.prop("hidden", true))
    logo.attr({ title: ks.spec.display_name, alt: ks.spec.display_name }).prop("hidden", true)
    if (url) logo.attr("src", url)
    else logo.removeAttr("src")
  }

  _load_css(ks: KernelSpecModel): void {
    const url = ks.resources["kernel.css"]
    if (url) $("#kernel-css").attr("href", url)
    else $("#kernel-css").removeAttr("href")
  }

  /** Require the kernel's script and call its `onload`. Broken, it costs its extras and nothing else. */
  _load_script(ks: KernelSpecModel): void {
    const url = ks.resources["kernel.js"]
    if (!url) return
    window.requirejs(
      [url],
      (module: { onload?: () => void } | undefined) => {
        this.lock_switch()
        try {
          module?.onload?.()
        } catch (error) {
          console.error(`The script of kernel ${ks.name} failed:`, error)
        }
      },
      (error: Error) => console.error(`The script of kernel ${ks.name} cannot be loaded from ${url}:`, error),
    )
  }

  /** Run the notebook on `selected`: a kernelspec's name, or what the notebook's metadata says of it. */
  set_kernel(selected: string | WantedKernel): void {
    const wanted = typeof selected === "string" ? { name: selected } : selected
    void this.loaded.then(() => this._set_kernel(wanted))
  }

  _set_kernel(selected: WantedKernel): void {
    if (selected.name !== undefined && selected.name === this.current_selection && this._is_running()) return
    const choice = chooseKernel(this.kernelspecs, selected)
    if (choice.kind === "missing") {
      this.events.trigger("spec_not_found.Kernel", {
        selected,
        matches: choice.candidates.map(({ name }) => name),
        available: sortedSpecs(this.kernelspecs).map(({ name }) => name),
      })
      return
    }
    if (choice.kind === "matched") this.events.trigger("spec_match_found.Kernel", { selected, found: choice.found })
    if (this._locked && this.current_selection !== choice.found.name) this._reload_with(choice.found)
    else this._switch_to(choice.found)
  }

  _is_running(): boolean {
    return this.notebook.session !== null && !this.notebook._kernel_is_gone
  }

  _switch_to(kernelspec: KernelSpecModel): void {
    const is_begun = this._begun === kernelspec.name
    this._begun = null
    if (this.notebook._session_starting && !is_begun) {
      console.error("Cannot change the kernel while another one starts")
      return
    }
    this.events.trigger("spec_changed.Kernel", kernelspec)
    if (!is_begun) this.notebook.start_session(kernelspec.name)
  }

  /** Start the kernel that `set_kernel` will be called for, where it is known which one that is. The page hears of it from `set_kernel`. */
  _begin_kernel(wanted: WantedKernel): void {
    const choice = chooseKernel(this.kernelspecs, wanted)
    if (choice.kind === "missing" || this.notebook._session_starting) return
    this._begun = choice.found.name
    this.notebook.start_session(choice.found.name)
  }

  /** A kernel's script cannot be unloaded: keep the choice in the file and start over with a fresh page. */
  async _reload_with(kernelspec: KernelSpecModel): Promise<void> {
    const { display_name, language } = kernelspec.spec
    this.notebook.metadata["kernelspec"] = { name: kernelspec.name, display_name, language }
    this.notebook.set_dirty(true)
    try {
      await this.notebook.save_notebook()
    } catch {
      return // told by notebook_save_failed; without the save, a reload would lose changes
    }
    this.notebook.session?.delete((() => window.location.reload()) as never, (() => window.location.reload()) as never)
  }

  /** No installed kernel fits: let the user choose one, or none. */
  _spec_not_found(_event: unknown, data: SpecNotFound): void {
    const names = data.matches.length > 0 ? data.matches : data.available
    const choices = names.flatMap((name) => this.kernelspecs[name] ?? [])
    const select = $("<select/>").addClass("form-control").attr("aria-label", _("Kernel"))
    for (const spec of choices) select.append($("<option/>").attr("value", spec.name).text(spec.spec.display_name))
    if (choices.some((spec) => spec.name === this.default_kernel)) select.val(this.default_kernel ?? "")
    const wanted = data.selected.display_name ?? data.selected.name ?? data.selected.language ?? ""
    const no_kernel = { "Continue Without Kernel": { class: "btn-danger", click: () => void this.events.trigger("no_kernel.Kernel") } }
    const set = { "Set Kernel": { class: "btn-primary", click: () => this.set_kernel(String(select.val() ?? "")) } }
    dialog.modal({
      notebook: this.notebook,
      keyboard_manager: this.notebook.keyboard_manager,
      title: _("Kernel not found"),
      body: $("<div/>").append(
        $("<p/>").text(
          choices.length > 0
            ? _("I couldn't find a kernel matching %s. Please select a kernel:", wanted)
            : _("I couldn't find a kernel matching %s. No kernel is installed.", wanted),
        ),
        choices.length > 0 ? select : "",
      ),
      buttons: choices.length > 0 ? { ...no_kernel, ...set } : no_kernel,
    })
  }

  /** Make an empty notebook in the same folder and open it with this kernel. */
  async new_notebook(kernel_name: string): Promise<void> {
    /* Opened at once: after an answer from the server, browsers take a new window for an advertisement. */
    const opened = window.open("", Jupyter._target)
    const folder = utils.url_path_split(this.notebook.notebook_path)[0]
    try {
      const model = await this.notebook.contents.new_untitled(folder, { type: "notebook" })
      const url = utils.url_path_join(this.notebook.base_url, "notebooks", utils.encode_uri_components(model.path))
      if (opened) opened.location.href = `${url}?kernel_name=${encodeURIComponent(kernel_name)}`
    } catch (error) {
      opened?.close()
      dialog.modal({
        notebook: this.notebook,
        keyboard_manager: this.notebook.keyboard_manager,
        title: _("Creating Notebook Failed"),
        body: _("The error was: %s", messageOf(error)),
        buttons: { OK: { class: "btn-primary" } },
      })
    }
  }

  /** From now on, another kernel means a fresh page. */
  lock_switch(): void {
    this._locked = true
  }

  bind_events(): void {
    this.events.on("spec_changed.Kernel", (event: unknown, ks: KernelSpecModel) => this._spec_changed(event, ks))
    this.events.on("spec_not_found.Kernel", (event: unknown, data: SpecNotFound) => this._spec_not_found(event, data))
    this.events.on("no_kernel.Kernel", () => {
      this.current_selection = null
    })
    /* The server chose: show what it chose. */
    this.events.on("kernel_created.Session", (_event: unknown, created: { kernel?: { name?: string } }) => {
      const name = created.kernel?.name
      if (!name || name === this.current_selection) return
      void this.loaded.then(() => {
        const found = this.kernelspecs[name]
        if (found) this.events.trigger("spec_changed.Kernel", found)
      })
    })
  }
}

function menuItem(id: string, spec: KernelSpecModel, choose: () => void): JQuery {
  const link = $("<a/>").attr("href", "#").text(spec.spec.display_name)
  link.on("click", (event) => {
    event.preventDefault()
    choose()
  })
  return $("<li/>").attr("id", id).append(link)
}
