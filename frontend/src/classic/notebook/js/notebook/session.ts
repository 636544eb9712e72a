/** The notebook's kernel: start, restart, shut down. */
import * as utils from "../../../base/js/utils"
import * as dialog from "../../../base/js/dialog"
import { Session, SessionAlreadyStarting } from "../../../services/sessions/session"
import { CodeCell } from "../codecell"
import type { Notebook } from "../notebook"
import { _ } from "../../../../i18n/words"

export interface ConfirmOptions {
  /** False leaves the question out. */
  confirm?: boolean
}

interface KernelQuestion extends ConfirmOptions {
  title: string
  body: string
  agree: string
  /** What to do; default: restart the kernel. */
  kernel_action?: () => void
}

/** Within this time a browser closes the window, or never. */
const CLOSE_GRACE_MS = 1000

export const kernelSession = {
  /** Start a session with the kernel `kernel_name` (default: the present one, or the server's choice). */
  start_session(this: Notebook, kernel_name?: string): void {
    if (this._session_starting) throw new SessionAlreadyStarting()
    this._session_starting = true
    const options = {
      base_url: this.base_url,
      ws_url: this.ws_url,
      notebook_path: this.notebook_path,
      notebook_name: this.notebook_name,
      kernel_name,
      notebook: this,
    }
    const started = (): void => this._session_started()
    const failed = (jqxhr: JQuery.jqXHR, status: string, error: string): void => this._session_start_failed(jqxhr, status, error)
    if (this.session?.kernel) {
      this.session.restart(options as never, started, failed as never)
      return
    }
    this.session = new Session(options as never)
    this.session.start(started, failed as never)
  },

  _session_started(this: Notebook): void {
    this._session_starting = false
    this._kernel_is_gone = false
    this.kernel = this.session?.kernel ?? null
    for (const cell of this.get_cells()) if (cell instanceof CodeCell) cell.set_kernel(this.kernel)
  },

  _session_start_failed(this: Notebook, jqxhr: JQuery.jqXHR, status: string, error: string): void {
    this._session_starting = false
    utils.log_ajax_error(jqxhr, status, error)
  },

  restart_run_all(this: Notebook, options?: ConfirmOptions): Promise<void> {
    return this._restart_kernel({
      confirm: options?.confirm,
      title: _("Restart kernel and re-run the whole notebook?"),
      body: _("Every variable and every output goes, then all cells run again from the top."),
      agree: _("Restart and Run All Cells"),
    }).then((is_last) => {
      if (is_last) this.execute_all_cells()
    })
  },

  restart_clear_output(this: Notebook, options?: ConfirmOptions): Promise<void> {
    return this._restart_kernel({
      confirm: options?.confirm,
      title: _("Restart kernel and clear all output?"),
      body: _("Every variable and every output goes. The cells' text stays."),
      agree: _("Restart and Clear All Outputs"),
    }).then(() => this.clear_all_output())
  },

  shutdown_kernel(this: Notebook, options?: ConfirmOptions): Promise<void> {
    return this._restart_kernel({
      confirm: options?.confirm,
      title: _("Shutdown kernel?"),
      body: _("Every variable goes. The notebook stays open, and nothing runs until a kernel is started again."),
      agree: _("Shutdown"),
      kernel_action: () => this.session?.delete(),
    }).then(() => undefined)
  },

  restart_kernel(this: Notebook, options?: ConfirmOptions): Promise<void> {
    return this._restart_kernel({
      confirm: options?.confirm,
      title: _("Restart kernel?"),
      body: _("Every variable goes. Text and outputs stay."),
      agree: _("Restart"),
    }).then(() => undefined)
  },

  /**
   * Ask where a question makes sense, act, and resolve when the restarted kernel is ready, with whether nobody has asked
   * for another restart since; never after a "no" or a shutdown.
   */
  _restart_kernel(this: Notebook, options: KernelQuestion): Promise<boolean> {
    return new Promise((resolve) => {
      const act = (): void => {
        if (options.kernel_action) return options.kernel_action()
        const asked = (this._restarts_asked += 1)
        this.events.one("kernel_ready.Kernel", () => resolve(asked === this._restarts_asked))
        this._restart_now()
      }
      const is_running = this.kernel !== null && !this._kernel_is_gone && this.kernel.is_connected()
      if (options.confirm === false || !is_running) return act()
      dialog.modal({
        notebook: this,
        keyboard_manager: this.keyboard_manager,
        title: options.title,
        body: options.body,
        buttons: { "Continue Running": {}, [options.agree]: { class: "btn-danger", click: act } },
      })
    })
  },

  _restart_now(this: Notebook): void {
    if (this.kernel && !this._kernel_is_gone) this.kernel.restart()
    else if (!this._session_starting) this.start_session()
  },

  /** No cell waits for a kernel that is gone: prompts `In [*]` become blank. */
  _forget_pending_executions(this: Notebook): void {
    for (const cell of this.get_cells()) {
      if (!(cell instanceof CodeCell)) continue
      cell.element.removeClass("running")
      if (cell.input_prompt_number === "*") cell.set_input_prompt()
    }
  },

  /** Shut the kernel down and close the window. */
  close_and_halt(this: Notebook): void {
    const close = (): void => {
      /* Browsers close only windows that a script opened; a window must be its own opener for the others. */
      window.open("", "_self", "")?.close()
      setTimeout(() => this._tell_closable(), CLOSE_GRACE_MS)
    }
    if (this.session && (this._session_starting || !this._kernel_is_gone)) this.session.delete(close as never, close as never)
    else close()
  },

  /* Still here: the browser does not let a page close a window that the user opened. */
  _tell_closable(this: Notebook): void {
    dialog.modal({
      notebook: this,
      keyboard_manager: this.keyboard_manager,
      title: _("The kernel is shut down"),
      body: _("Your browser does not let this page close its window. You can close it now."),
      buttons: { Stay: {}, "Go to the dashboard": { class: "btn-primary", click: () => window.location.assign(`${this.base_url}tree`) } },
    })
  },
}
