/** `tree/js/kernellist`: the running notebooks, on the dashboard's Running tab. */
import $ from "jquery"
import { NotebookList, type NotebookListOptions } from "./notebooklist"
import { part } from "./notebooklist/rows"
import type { RunningSession, RunningSessions } from "./sessionlist"
import { _ } from "../../../i18n/words"

interface KernelSpecs {
  [name: string]: { spec: { display_name: string } }
}

export class KernelList extends NotebookList {
  kernelspecs: KernelSpecs | null

  constructor(selector: string, options: NotebookListOptions) {
    super(selector, { ...options, element_name: "running" })
    this.kernelspecs = null
    this.events.on("kernelspecs_loaded.KernelSpec", (event, kernelspecs: KernelSpecs) => this._kernelspecs_loaded(event, kernelspecs))
  }

  /** Running notebooks are not copied from here; the method is part of the documented surface. */
  add_duplicate_button(): void {}

  _kernelspecs_loaded(_event: unknown, kernelspecs: KernelSpecs): void {
    this.kernelspecs = kernelspecs
    this.sessions_loaded(this.sessions)
  }

  override sessions_loaded(d: RunningSessions): void {
    this.sessions = d
    this.clear_list()
    const running = Object.entries(d).sort(([a], [b]) => a.localeCompare(b))
    for (const [path, session] of running) this._add_running(path, session)
    $("#running_list_placeholder").toggle(running.length === 0)
  }

  _add_running(path: string, session: RunningSession): void {
    const item = this.new_item(-1, false)
    this.add_link({ type: "notebook", name: path, path }, item)
    const display_name = this.kernelspecs?.[session.kernel.name]?.spec.display_name ?? session.kernel.name
    const $name = $("<div class='kernel-name'></div>").text(display_name)
    const $shutdown = $("<button type='button' class='btn btn-warning btn-xs'></button>").text(_("Shutdown"))
    $shutdown.attr("aria-label", _("Shutdown %s", path)).on("click", () => void this.shutdown_notebook(path))
    $(part(item[0]!, "item_buttons")).empty().append($name, $shutdown)
  }
}
