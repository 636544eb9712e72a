/** Modal dialogs in the documented shape. Knows a notebook and its keyboard manager only by their methods. */
import $ from "jquery"
import { install_bootstrap } from "../../../bootstrap/install"
import { makeDraggable } from "./dragging"
import { _ } from "../../../../i18n/words"

interface KeyboardManagerLike {
  enable(): void
  disable(): void
  command_mode(): void
}

interface NotebookLike {
  get_selected_cell(): { select(): unknown } | null
  focus_cell?(): void
}

export interface DialogButton {
  class?: string
  id?: string
  click?: (this: JQuery, event: JQuery.ClickEvent) => unknown
}

export interface DialogOptions {
  title?: string | JQuery
  /** A string is shown as text; markup comes as elements. */
  body?: string | JQuery | HTMLElement | null
  buttons?: Record<string, DialogButton>
  default_button?: string
  open?: (this: HTMLElement, event: JQuery.TriggeredEvent) => unknown
  keyboard_manager?: KeyboardManagerLike | null
  notebook?: NotebookLike | null
  destroy?: boolean
  backdrop?: boolean | "static"
  keyboard?: boolean
  show?: boolean
  sanitize?: boolean
  focus_button?: boolean
}

let lastId = 0

function headerOf(options: DialogOptions, titleId: string): JQuery {
  const $close = $("<button type='button' class='close' data-dismiss='modal'>&times;</button>").attr("aria-label", _("Close"))
  const $title = $("<h4 class='modal-title' aria-level='2'></h4>").attr("id", titleId)
  if (typeof options.title === "string") $title.text(options.title)
  else if (options.title) $title.append(options.title)
  return $("<div class='modal-header'></div>").append($close, $title)
}

function bodyOf(options: DialogOptions): JQuery {
  const $body = $("<div class='modal-body'></div>")
  if (typeof options.body !== "string") return $body.append(options.body ?? "")
  const $text = $("<p></p>")
  return $body.append(options.sanitize === false ? $text.html(options.body) : $text.text(options.body))
}

function buttonOf(label: string, button: DialogButton, $content: JQuery): JQuery {
  const $button = $("<button type='button' class='btn btn-default btn-sm' data-dismiss='modal'></button>").text(_(label))
  if (button.id) $button.attr("id", button.id)
  const click = button.click
  /* Bound on the button itself, before the dialog's own listener: `return false` keeps the dialog open. */
  if (click) $button.on("click", (event) => click.call($content, event as unknown as JQuery.ClickEvent))
  return $button.addClass(button.class ?? "")
}

function build(options: DialogOptions): JQuery<HTMLElement> {
  const titleId = `dialog-title-${++lastId}`
  const $content = $("<div class='modal-content'></div>")
  const $footer = $("<div class='modal-footer'></div>")
  const $header = headerOf(options, titleId)
  $content.append($header, bodyOf(options), $footer)
  makeDraggable($content, $header)
  for (const [label, button] of Object.entries(options.buttons ?? {})) $footer.append(buttonOf(label, button, $content))
  const $modal = $("<div class='modal fade' role='dialog' tabindex='-1'></div>").attr("aria-labelledby", titleId)
  return $modal.append($("<div class='modal-dialog'></div>").append($content)) as JQuery<HTMLElement>
}

function focusDefault($modal: JQuery, options: DialogOptions): void {
  const $buttons = $modal.find(".modal-footer button")
  const label = options.default_button === undefined ? undefined : _(options.default_button)
  const wanted = $buttons.filter((_index, button) => $(button).text() === label)
  const $target = wanted.length ? wanted.first() : $buttons.last()
  if (options.focus_button !== false) $target[0]?.focus({ preventScroll: true }) // a long dialog is read from its top
}

/* A menu's item is hidden by the time that its dialog closes; the menu's button stands for it. */
function focusMenuOf(opener: Element | null): void {
  const isNowhere = document.activeElement === null || document.activeElement === document.body
  if (isNowhere && opener) $(opener).closest(".dropdown, .btn-group").children("[data-toggle='dropdown']").first().trigger("focus")
}

function giveBack(options: DialogOptions): void {
  if ($(".modal.in").length > 0) return // the keyboard belongs to the dialog that is still open
  options.notebook?.get_selected_cell()?.select()
  options.keyboard_manager?.enable()
  options.keyboard_manager?.command_mode()
  const active = document.activeElement
  const isNowhere = active === null || active === document.body || active.closest(".CodeMirror, .dropdown-menu, .modal") !== null // a hidden dialog keeps it for a while
  if (options.notebook?.focus_cell && isNowhere) options.notebook.focus_cell()
}

/** Show a dialog; returns its element. `click` of a button runs with `this` = the content; false keeps the dialog open. */
export function modal(options: DialogOptions = {}): JQuery<HTMLElement> {
  install_bootstrap()
  const opener = document.activeElement
  const $modal = build(options)
  $modal.on("shown.bs.modal", function (event) {
    focusDefault($modal, options)
    options.open?.call(this, event as JQuery.TriggeredEvent)
  })
  $modal.on("show.bs.modal", () => options.keyboard_manager?.disable())
  $modal.on("hidden.bs.modal", () => {
    if (options.destroy !== false) $modal.remove()
    giveBack(options)
    if (!options.notebook) focusMenuOf(opener)
  })
  return $modal.modal({
    backdrop: options.backdrop ?? "static",
    keyboard: options.keyboard ?? true,
    show: options.show ?? true,
  })
}

/** A dialog about the kernel: it takes the place of an earlier one. */
export function kernel_modal(options: DialogOptions = {}): JQuery<HTMLElement> {
  $(".kernel-modal").modal("hide")
  const $modal = modal({ ...options, show: false })
  $modal.addClass("kernel-modal")
  if (options.show ?? true) $modal.modal("show")
  return $modal
}
