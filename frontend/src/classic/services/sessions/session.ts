/** `services/sessions/session`: the server's tie between a notebook's path and its kernel. */
import { events, type EventBus } from "../../base/js/events"
import * as utils from "../../base/js/utils"
import { requestWhileLeaving } from "../../../page/requests"
import { jsonRequest } from "../jsonrequest"
import { Kernel, type AjaxError, type AjaxSuccess, type KernelModel } from "../kernels/kernel"

export interface SessionOptions {
  base_url: string
  ws_url: string
  notebook_path: string
  kernel_name?: string | null
  notebook?: { start_session?(kernel_name?: string): unknown } | null
}

interface SessionModel {
  id: string
  path?: string
  type?: string
  notebook?: { path: string }
  kernel: KernelModel
}

/** A second start was asked for while the first one is under way. */
export class SessionAlreadyStarting extends Error {
  override name = "SessionAlreadyStarting"
}

export class Session {
  id: string | null
  notebook: SessionOptions["notebook"]
  events: EventBus
  notebook_model: { path: string }
  kernel_model: { id: string | null; name: string | null }
  base_url: string
  ws_url: string
  session_service_url: string
  session_url: string | null
  kernel: Kernel | null
  _is_deleted: boolean
  _is_starting: boolean
  /** An end that was asked for while the session starts: there is nothing to delete yet. */
  _wanted_end: { success?: AjaxSuccess; error?: AjaxError } | null

  constructor(options: SessionOptions) {
    this.id = null
    this.notebook = options.notebook ?? null
    this.events = events
    this.notebook_model = { path: options.notebook_path }
    this.kernel_model = { id: null, name: options.kernel_name ?? null }
    this.base_url = options.base_url
    this.ws_url = options.ws_url
    this.session_service_url = utils.url_path_join(this.base_url, "api/sessions")
    this.session_url = null
    this.kernel = null
    this._is_deleted = false
    this._is_starting = false
    this._wanted_end = null
    this.bind_events()
  }

  bind_events(): void {
    this.events.on("kernel_dead.Kernel", (_evt, payload: { kernel: Kernel }) => {
      if (payload.kernel === this.kernel) this.delete()
    })
    this.events.on("kernel_failed_restart.Kernel", (_evt, payload: { kernel: Kernel }) => {
      // The old kernel is gone, and its session with it: a fresh one is the way back to work.
      if (payload.kernel === this.kernel) this.notebook?.start_session?.(this.kernel_model.name ?? undefined)
    })
  }

  list(success?: AjaxSuccess, error?: AjaxError): JQuery.jqXHR {
    return utils.ajax(this.session_service_url, { ...jsonRequest("GET"), success, error: this._on_error(error) })
  }

  /** Ask for the session; an existing one of the same path is joined. */
  start(success?: AjaxSuccess, error?: AjaxError): void {
    const on_success: AjaxSuccess = (data, status, xhr) => {
      const model = data as SessionModel
      this._is_deleted = this._is_starting = false
      if (this.kernel) this.kernel.name = model.kernel.name
      else this._make_kernel(model.kernel.name)
      this.events.trigger("kernel_created.Session", { session: this, kernel: this.kernel })
      this.kernel!._kernel_created(model.kernel)
      success?.(data, status, xhr)
      this._end_if_wanted()
    }
    const on_error: AjaxError = (xhr, status, reason) => {
      this._is_starting = false
      this.events.trigger("kernel_dead.Session", { session: this, xhr, status, error: reason })
      error?.(xhr, status, reason)
      this._wanted_end?.error?.(xhr, status, reason)
      this._wanted_end = null
    }
    const body = { ...this._get_model(), name: "" }
    this._is_starting = true
    utils.ajax(this.session_service_url, { ...jsonRequest("POST", body), success: this._on_success(on_success), error: this._on_error(on_error) })
  }

  _make_kernel(name: string): void {
    this.kernel = new Kernel(utils.url_path_join(this.base_url, "api/kernels"), this.ws_url, name)
  }

  get_info(success?: AjaxSuccess, error?: AjaxError): JQuery.jqXHR {
    return utils.ajax(this._url(), { ...jsonRequest("GET"), success: this._on_success(success), error: this._on_error(error) })
  }

  /** Follow the notebook to its new path. */
  rename_notebook(path: string, success?: AjaxSuccess, error?: AjaxError): void {
    this.notebook_model.path = path
    utils.ajax(this._url(), { ...jsonRequest("PATCH", this._get_model()), success: this._on_success(success), error: this._on_error(error) })
  }

  /** End the session and its kernel. */
  delete(success?: AjaxSuccess, error?: AjaxError): void {
    if (this._is_starting) return void (this._wanted_end = { success, error })
    this._is_deleted = true
    if (this.kernel) {
      this.events.trigger("kernel_killed.Session", { session: this, kernel: this.kernel })
      this.kernel._kernel_dead()
    }
    utils.ajax(this._url(), { ...jsonRequest("DELETE"), success: this._on_success(success), error: this._on_error(error) })
  }

  _end_if_wanted(): void {
    const end = this._wanted_end
    this._wanted_end = null
    if (end) this.delete(end.success, end.error)
  }

  /* The page goes away, and the kernel with it. */
  _delete_while_leaving(): void {
    if (this._is_deleted || !this.id) return
    this._is_deleted = true
    requestWhileLeaving("DELETE", this._url())
  }

  /** A new session in place of this one, with another path or kernel where `options` say so. */
  restart(options: { notebook_path?: string; kernel_name?: string; kernel_id?: string } = {}, success?: AjaxSuccess, error?: AjaxError): void {
    const start = (): void => {
      if (options.notebook_path) this.notebook_model.path = options.notebook_path
      if (options.kernel_name) this.kernel_model.name = options.kernel_name
      this.kernel_model.id = options.kernel_id ?? null
      this.start(success, error)
    }
    if (this._is_deleted) start()
    else this.delete(start, start) // a session that is already gone is as good as a deleted one
  }

  _url(): string {
    return this.session_url ?? utils.url_path_join(this.session_service_url, this.id ?? "")
  }

  _get_model(): Record<string, unknown> {
    return { path: this.notebook_model.path, type: "notebook", name: "", kernel: { ...this.kernel_model } }
  }

  _update_model(data: SessionModel | undefined): void {
    if (data?.id) {
      this.id = data.id
      this.session_url = utils.url_path_join(this.session_service_url, this.id)
    }
    const path = data?.path ?? data?.notebook?.path
    if (path) this.notebook_model.path = path
    if (data?.kernel) {
      this.kernel_model.name = data.kernel.name
      this.kernel_model.id = data.kernel.id
    }
  }

  _on_success(success?: AjaxSuccess): AjaxSuccess {
    return (data, status, xhr) => {
      this._update_model(data as SessionModel | undefined)
      success?.(data, status, xhr)
    }
  }

  _on_error(error?: AjaxError): AjaxError {
    return (xhr, status, reason) => {
      utils.log_ajax_error(xhr, status, reason)
      error?.(xhr, status, reason)
    }
  }
}
