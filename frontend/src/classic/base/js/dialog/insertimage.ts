/** The dialog that picks an image file. */
import $ from "jquery"
import { modal, type DialogOptions } from "./modal"
import { _ } from "../../../../i18n/words"

export interface InsertImageOptions extends Pick<DialogOptions, "notebook" | "keyboard_manager"> {
  callback: (file: File) => void
}

/** Let the user choose an image; `callback` gets the file. OK waits until one is chosen. */
export function insert_image(options: InsertImageOptions): JQuery<HTMLElement> {
  const $input = $("<input type='file' name='file' accept='image/*'>").attr("aria-label", _("Image file")) as JQuery<HTMLInputElement>
  const $form = $("<form id='insert-image-form'></form>").append($input)
  const chosen = (): File | undefined => $input[0]?.files?.[0]
  const $modal = modal({
    title: _("Select a file"),
    body: $form,
    buttons: {
      OK: {
        id: "btn_ok",
        class: "btn-primary",
        click: () => {
          const file = chosen()
          if (file) options.callback(file)
        },
      },
      Cancel: {},
    },
    open: () => void $input.trigger("focus"),
    notebook: options.notebook,
    keyboard_manager: options.keyboard_manager,
  })
  const $ok = $modal.find("#btn_ok").prop("disabled", true)
  $input.on("change", () => void $ok.prop("disabled", chosen() === undefined))
  $form.on("submit", (event) => {
    event.preventDefault()
    $ok.trigger("click")
  })
  return $modal
}
