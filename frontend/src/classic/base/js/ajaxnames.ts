/** The names that requests had before jQuery 3 (`success`, `error`, `complete`), which older extensions still call. */
import $ from "jquery"

type Request = JQuery.jqXHR & { success?: unknown; error?: unknown; complete?: unknown }

let is_installed = false

/** Give every request of `$.ajax` its old names too. */
export function install_ajax_names(): void {
  if (is_installed) return
  is_installed = true
  $.ajaxPrefilter((_options, _original, request: Request) => {
    request.success ??= request.done
    request.error ??= request.fail
    request.complete ??= request.always
  })
}
