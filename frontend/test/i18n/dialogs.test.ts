// @vitest-environment jsdom
import $ from "jquery"
import { afterEach, beforeEach, expect, test } from "vitest"
import { install_bootstrap } from "../../src/classic/bootstrap/install"
import { modal } from "../../src/classic/base/js/dialog/modal"
import { messages } from "../../src/i18n/words"

beforeEach(() => {
  install_bootstrap()
  $.fx.off = true
  messages.add({ domain: "nbjs", locale_data: { nbjs: { Cancel: ["Abbrechen"], Overwrite: ["Überschreiben"] } } })
})

afterEach(() => {
  for (const text of ["Cancel", "Overwrite"]) delete messages.options.locale_data["nbjs"]?.[text]
  document.body.innerHTML = ""
})

test("the default button is the one that was named, also in another language", async () => {
  const $modal = modal({ title: "t", body: "b", default_button: "Cancel", buttons: { Cancel: {}, Overwrite: { class: "btn-danger" } } })
  await new Promise((done) => $modal.one("shown.bs.modal", done as () => void))
  expect($modal.find(".modal-footer button").get().map((button) => button.textContent)).toEqual(["Abbrechen", "Überschreiben"])
  expect(document.activeElement?.textContent).toBe("Abbrechen")
})
