/** A kernel's life, over the REST API: started, interrupted, restarted, shut down. */
import * as utils from "../../../base/js/utils"
import { jsonRequest } from "../../jsonrequest"
import type { Kernel } from "../kernel"

export interface KernelModel {
  id: string
  name: string
}

export type AjaxSuccess = (data: unknown, status: string, xhr: JQuery.jqXHR) => void
export type AjaxError = (xhr: JQuery.jqXHR, status: string, error: string) => void

export const lifecycle = {
  list(this: Kernel, success?: AjaxSuccess, error?: AjaxError): JQuery.jqXHR {
    return utils.ajax(this.kernel_service_url, { ...jsonRequest("GET"), success, error: this._on_error(error) })
  },

  start(this: Kernel, params?: Record<string, unknown>, success?: AjaxSuccess, error?: AjaxError): string {
    const body = { name: this.name, ...params }
    const on_success: AjaxSuccess = (data, status, xhr) => {
      this.events.trigger("kernel_created.Kernel", { kernel: this })
      this._kernel_created(data as KernelModel)
      success?.(data, status, xhr)
    }
    this.events.trigger("kernel_starting.Kernel", { kernel: this })
    utils.ajax(this.kernel_service_url, { ...jsonRequest("POST", body), success: this._on_success(on_success), error: this._on_error(error) })
    return this.kernel_service_url
  },

  get_info(this: Kernel, success?: AjaxSuccess, error?: AjaxError): JQuery.jqXHR {
    return utils.ajax(this._url(), { ...jsonRequest("GET"), success: this._on_success(success), error: this._on_error(error) })
  },

  kill(this: Kernel, success?: AjaxSuccess, error?: AjaxError): void {
    this.events.trigger("kernel_killed.Kernel", { kernel: this })
    this._kernel_dead()
    utils.ajax(this._url(), { ...jsonRequest("DELETE"), success: this._on_success(success), error: this._on_error(error) })
  },

  interrupt(this: Kernel, success?: AjaxSuccess, error?: AjaxError): void {
    this.events.trigger("kernel_interrupting.Kernel", { kernel: this })
    const on_success: AjaxSuccess = (data, status, xhr) => {
      this.kernel_info() // its idle status says that the interrupt took effect
      success?.(data, status, xhr)
    }
    utils.ajax(this._url("interrupt"), { ...jsonRequest("POST"), success: this._on_success(on_success), error: this._on_error(error) })
  },

  /** Of several restarts the last one's outcome counts, and none once the kernel was replaced or has ended. */
  restart(this: Kernel, success?: AjaxSuccess, error?: AjaxError): void {
    this.events.trigger("kernel_restarting.Kernel", { kernel: this })
    this.stop_channels()
    this._forget_requests()
    const turn = (this._turn += 1)
    const on_success: AjaxSuccess = (data, status, xhr) => {
      if (turn === this._turn) this._restarted(data as KernelModel)
      success?.(data, status, xhr)
    }
    const on_error: AjaxError = (xhr, status, reason) => {
      if (turn === this._turn) this._restart_failed()
      error?.(xhr, status, reason)
    }
    utils.ajax(this._url("restart"), { ...jsonRequest("POST"), success: on_success, error: this._on_error(on_error) })
  },

  _restarted(this: Kernel, data: KernelModel): void {
    this.events.trigger("kernel_created.Kernel", { kernel: this })
    this._kernel_created(data)
  },

  _restart_failed(this: Kernel): void {
    this._kernel_dead()
    this.events.trigger("kernel_failed_restart.Kernel", { kernel: this })
  },

  _on_success(this: Kernel, success?: AjaxSuccess): AjaxSuccess {
    return (data, status, xhr) => {
      const model = data as Partial<KernelModel> | undefined
      if (model?.id) {
        this.id = model.id
        this.name = model.name ?? this.name
        this.kernel_url = utils.url_path_join(this.kernel_service_url, this.id)
      }
      success?.(data, status, xhr)
    }
  },

  _on_error(this: Kernel, error?: AjaxError): AjaxError {
    return (xhr, status, reason) => {
      utils.log_ajax_error(xhr, status, reason)
      error?.(xhr, status, reason)
    }
  },

  _kernel_created(this: Kernel, data: KernelModel): void {
    this._turn += 1
    this.id = data.id
    this.kernel_url = utils.url_path_join(this.kernel_service_url, data.id)
    this._reconnect_attempt = 0
    this._first_channels()
  },

  _kernel_dead(this: Kernel): void {
    this._turn += 1
    this.stop_channels()
  },

  _url(this: Kernel, action?: string): string {
    const url = this.kernel_url ?? utils.url_path_join(this.kernel_service_url, this.id ?? "")
    return action ? utils.url_path_join(url, action) : url
  },

  /** What was asked of the old process will never be answered. */
  _forget_requests(this: Kernel): void {
    this._msg_callbacks.clear()
    this._msg_callbacks_overrides.clear()
    this._display_id_to_parent_ids.clear()
    this.connection.forgetRequests()
  },
}
