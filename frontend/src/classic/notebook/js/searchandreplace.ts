/** `notebook/js/searchandreplace`: the dialog that finds text in cells and replaces it. */
import * as dialog from "../../base/js/dialog"
import type { ActionEnv } from "./actions"
import type { KeyboardManager } from "./keyboardmanager"
import type { Notebook } from "./notebook"
import { SearchForm } from "./searchandreplace/form"
import { _ } from "../../../i18n/words"

const ACTION = "jupyter-notebook:find-and-replace"
const KEY = "f"

/** Open the dialog on the notebook's selected cells. */
export function show_search_and_replace(notebook: Notebook): void {
  const form = new SearchForm(notebook)
  const $modal = dialog.modal({
    title: _("Find and Replace"),
    body: form.element,
    buttons: {
      "Replace All": {
        class: "btn-primary",
        id: "findreplace_replaceall_btn",
        click: () => {
          void form.replace_all().then((is_done) => is_done && $modal.modal("hide"))
          return false // open until it is done: what failed is told in the dialog
        },
      },
    },
    focus_button: false,
    open: () => form.start(),
    notebook,
    keyboard_manager: notebook.keyboard_manager,
  })
  $modal.on("hidden.bs.modal", () => form.stop())
  form.element.on("replace", () => void $modal.find("#findreplace_replaceall_btn").trigger("click"))
}

/** Make the action and its key known. */
export function load(keyboard_manager: KeyboardManager): void {
  const action = {
    help: _("find and replace"),
    handler: (env: ActionEnv, event?: JQuery.TriggeredEvent | Event) => {
      event?.preventDefault() // the letter must not land in the dialog
      show_search_and_replace(env.notebook)
      return false
    },
  }
  keyboard_manager.actions.register(action, "find-and-replace", "jupyter-notebook")
  keyboard_manager.command_shortcuts._add_default_shortcuts({ [KEY]: ACTION })
}
