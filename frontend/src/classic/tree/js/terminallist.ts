/** `tree/js/terminallist`: the terminals, on the dashboard's Running tab and in its New menu. */
import $ from "jquery"
import { Jupyter } from "../../base/js/namespace"
import * as utils from "../../base/js/utils"
import { jsonRequest } from "../../services/jsonrequest"
import { NotebookList, type NotebookListOptions } from "./notebooklist"
import type { Entry } from "./notebooklist/filetypes"
import { tellFailure } from "./notebooklist/operations"
import { part } from "./notebooklist/rows"
import type { RunningSessions } from "./sessionlist"
import { _ } from "../../../i18n/words"

export interface TerminalModel {
  name: string
  last_activity?: string
}

export class TerminalList extends NotebookList {
  terminals: TerminalModel[]
  _terminals_number: number

  constructor(selector: string, options: NotebookListOptions) {
    super(selector, { ...options, element_name: "terminal" })
    this.terminals = []
    this._terminals_number = 0
  }

  override bind_events(): void {
    super.bind_events()
    $("#refresh_running_list").on("click", () => this.load_terminals())
    $("#new-terminal").on("click", (event) => {
      event.preventDefault()
      void this.new_terminal(event)
    })
  }

  /** Start a terminal and open its page in a tab of its own. */
  async new_terminal(_event?: unknown): Promise<void> {
    // Opened within the click: later on, the browser would take it for an advertisement.
    const tab = window.open(undefined, Jupyter._target)
    try {
      const model = await utils.promising_ajax<TerminalModel>(this._api_url(), jsonRequest("POST", { cwd: this._folder() }))
      const url = this._page_url(model.name)
      if (tab) tab.location.href = url
      else location.href = url
    } catch (error) {
      tab?.close()
      tellFailure(_("Creating Terminal Failed"), _("No terminal was started."), error)
    }
    this.load_terminals()
  }

  /** Asked with the sessions, so that both lists are as old as each other. */
  override sessions_loaded(data: RunningSessions): void {
    this.sessions = data
    this.load_terminals()
  }

  load_terminals(): void {
    const number = ++this._terminals_number
    utils.ajax(this._api_url(), {
      ...jsonRequest("GET"),
      success: (data: TerminalModel[]) => {
        if (number === this._terminals_number) this.terminals_loaded(data) // a newer answer is on its way
      },
      error: utils.log_ajax_error,
    })
  }

  terminals_loaded(data: TerminalModel[]): void {
    this.terminals = data
    this.clear_list()
    for (const { name } of data) {
      const item = this.new_item(-1, false)
      this.add_link(name, item)
      this.add_shutdown_button(name, item)
    }
    $("#terminal_list_header").toggle(data.length === 0)
  }

  override add_link(name: string | Entry, item: JQuery<HTMLElement>): void {
    if (typeof name !== "string") return super.add_link(name, item)
    const row = item.data("term-name", name)[0]!
    part(row, "item_name").textContent = `terminals/${name}`
    part(row, "item_icon").className = "item_icon fa fa-terminal icon-fixed-width"
    part(row, "item_icon").setAttribute("aria-label", _("Terminal"))
    $(part(row, "item_link")).attr({ href: this._page_url(name), target: Jupyter._target })
  }

  add_shutdown_button(name: string, item: JQuery<HTMLElement>): void {
    const $shutdown = $("<button type='button' class='btn btn-warning btn-xs'></button>").text(_("Shutdown"))
    $shutdown.attr("aria-label", _("Shutdown terminals/%s", name)).on("click", () => void this._shutdown_terminal(name))
    $(part(item[0]!, "item_buttons")).empty().append($shutdown)
  }

  async _shutdown_terminal(name: string): Promise<void> {
    try {
      await utils.promising_ajax(utils.url_path_join(this._api_url(), encodeURIComponent(name)), { type: "DELETE", cache: false })
    } catch (error) {
      tellFailure(_("Shutdown Failed"), _("The terminal %s was not shut down.", name), error)
    }
    this.load_terminals()
  }

  /** The folder that the Files tab shows, which the address follows. */
  _folder(): string {
    return (Jupyter.notebook_list as NotebookList | undefined)?.notebook_path ?? this.notebook_path
  }

  _api_url(): string {
    return utils.url_path_join(this.base_url, "api/terminals")
  }

  _page_url(name: string): string {
    return utils.url_path_join(this.base_url, "terminals", encodeURIComponent(name))
  }
}
