/** `$.fn.button` and dismissable alerts, under the Bootstrap 3 names. */
import $ from "jquery"

declare global {
  interface JQuery {
    button(state?: string): this
    alert(option?: "close"): this
  }
}

/** `toggle` presses and releases; any other state shows the text of `data-<state>-text`, `reset` the first one. */
export function buttonPlugin(this: JQuery, state?: string): JQuery {
  return this.each((_index, element) => {
    const $button = $(element)
    if (state === undefined) return
    if (state === "toggle") {
      $button.toggleClass("active").attr("aria-pressed", String($button.hasClass("active")))
      return
    }
    if ($button.data("resetText") === undefined) $button.data("resetText", $button.text())
    $button.text(String($button.data(`${state}Text`) ?? $button.data("resetText")))
    $button.toggleClass("disabled", state === "loading").prop("disabled", state === "loading")
  })
}

export function alertPlugin(this: JQuery, option?: "close"): JQuery {
  if (option === "close") this.trigger("close.bs.alert").remove()
  return this
}

/** Listen on the document, once per page. */
export function bindButtons(): void {
  $(document).on("click.bs.button", "[data-toggle='button']", (event) => {
    $(event.currentTarget as Element).button("toggle")
  })
  $(document).on("click.bs.alert", "[data-dismiss='alert']", (event) => {
    $(event.currentTarget as Element).closest(".alert").alert("close")
  })
}
