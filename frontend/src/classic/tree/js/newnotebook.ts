/** `tree/js/newnotebook`: the dashboard's New menu: a notebook per kernel, a text file, a folder. */
import $ from "jquery"
import { events, type EventBus } from "../../base/js/events"
import { Jupyter } from "../../base/js/namespace"
import * as utils from "../../base/js/utils"
import type { Contents } from "../../services/contents"
import type { NotebookList } from "./notebooklist"
import { tellFailure } from "./notebooklist/operations"
import { _ } from "../../../i18n/words"

interface KernelSpec {
  name: string
  spec: { display_name: string }
}

interface KernelSpecsAnswer {
  default: string
  kernelspecs: Record<string, KernelSpec>
}

export interface NewNotebookOptions {
  base_url: string
  notebook_path?: string
  contents: Contents
  notebook_list?: NotebookList
}

export class NewNotebookWidget {
  selector: string
  element: JQuery<HTMLElement>
  base_url: string
  contents: Contents
  events: EventBus
  notebook_list: NotebookList | undefined
  _notebook_path: string
  kernelspecs: Record<string, KernelSpec>
  default_kernel: string | null

  constructor(selector: string, options: NewNotebookOptions) {
    this.selector = selector
    this.element = $<HTMLElement>(selector)
    this.base_url = options.base_url
    this.contents = options.contents
    this.events = events
    this.notebook_list = options.notebook_list
    this._notebook_path = options.notebook_path ?? ""
    this.kernelspecs = {}
    this.default_kernel = null
    this.bind_events()
    this.request_kernelspecs()
  }

  /** The folder that the page shows now. */
  get notebook_path(): string {
    return this.notebook_list?.notebook_path ?? this._notebook_path
  }

  bind_events(): void {
    $("#new-file").on("click", "a", (event) => {
      event.preventDefault()
      void this._create_and_open({ type: "file", ext: ".txt" }, "edit", _("Creating File Failed"))
    })
    $("#new-folder").on("click", "a", (event) => {
      event.preventDefault()
      void this._create_folder()
    })
    this.element.on("click", "li[data-kernel] > a", (event) => {
      event.preventDefault()
      this.new_notebook($(event.currentTarget as Element).parent().attr("data-kernel") as string, event)
    })
  }

  request_kernelspecs(): void {
    const url = utils.url_path_join(this.base_url, "api/kernelspecs")
    utils.promising_ajax<KernelSpecsAnswer>(url, { cache: false, type: "GET", dataType: "json" }).then(
      (data) => this._load_kernelspecs(data),
      (error: Error) => this._kernelspecs_failed(error),
    )
  }

  _load_kernelspecs(data: KernelSpecsAnswer): void {
    this.kernelspecs = data.kernelspecs
    this.default_kernel = data.default
    const $heading = $("#notebook-kernels")
    $heading.nextUntil(".divider").filter("[data-kernel], .no-kernels").remove()
    const specs = Object.values(data.kernelspecs).sort((a, b) => b.spec.display_name.localeCompare(a.spec.display_name))
    for (const { name, spec } of specs) {
      const $link = $("<a href='#' role='menuitem'></a>").text(spec.display_name).attr("title", _("Create a new notebook with %s", spec.display_name))
      $("<li role='presentation'></li>").attr({ id: `kernel-${name}`, "data-kernel": name }).append($link).insertAfter($heading)
    }
    if (specs.length === 0) this._tell_in_menu(_("No kernels are installed"))
    this.events.trigger("kernelspecs_loaded.KernelSpec", data.kernelspecs)
  }

  _kernelspecs_failed(error: Error): void {
    console.warn("The kernels could not be listed.", error)
    this._tell_in_menu(_("Kernels could not be listed"))
  }

  _tell_in_menu(text: string): void {
    $("#notebook-kernels").nextAll(".no-kernels").remove()
    $("<li class='no-kernels disabled' role='presentation'></li>").append($("<span></span>").text(text)).insertAfter("#notebook-kernels")
  }

  /** A new notebook in the shown folder, in a tab of its own. */
  new_notebook(kernel_name: string, _evt?: unknown): void {
    const query = kernel_name ? `?kernel_name=${encodeURIComponent(kernel_name)}` : ""
    void this._create_and_open({ type: "notebook" }, "notebooks", _("Creating Notebook Failed"), query)
  }

  async _create_and_open(what: { type: string; ext?: string }, prefix: string, failure: string, query = ""): Promise<void> {
    // Opened within the click: later on, the browser would take it for an advertisement.
    const tab = window.open(undefined, Jupyter._target)
    try {
      const model = await this.contents.new_untitled(this.notebook_path, what)
      const url = utils.url_path_join(this.base_url, prefix, utils.encode_uri_components(model.path)) + query
      if (tab) tab.location.href = url
      else location.href = url
    } catch (error) {
      tab?.close()
      tellFailure(failure, _("Nothing was created in \"/%s\".", this.notebook_path), error)
    }
    await this.notebook_list?.load_list()
  }

  async _create_folder(): Promise<void> {
    try {
      await this.contents.new_untitled(this.notebook_path, { type: "directory" })
    } catch (error) {
      tellFailure(_("Creating Folder Failed"), _("No folder was created in \"/%s\".", this.notebook_path), error)
    }
    await this.notebook_list?.load_list()
  }
}
