/** `notebook/js/tooltip`: Shift-Tab: what the kernel says about the name at the cursor. Pressed again: more of it. */
import $ from "jquery"
import type CodeMirror from "codemirror"
import { consoleHtml } from "../../../model/ansi"
import * as utils from "../../base/js/utils"
import type { EventBus } from "./cell_types"
import { _ } from "../../../i18n/words"

/** What the tooltip needs of a code cell. */
export interface InspectedCell {
  code_mirror: CodeMirror.Editor
  kernel: unknown
  element: JQuery
}

interface InspectReply {
  content: { status?: string; found?: boolean; data?: Record<string, unknown> }
}

interface InspectingKernel {
  inspect(code: string, cursor_pos: number, callback: (reply: InspectReply) => void): string
}

type TabFunction = (cell: InspectedCell, text: string, cursor_pos: number) => void

const FADE_MS = 400
const STICK_S = 10

export class Tooltip {
  /** The last name of a line of code, with its dots. */
  static last_token_re = /[a-z_0-9]+$/gi

  events: EventBus
  tooltip: JQuery
  text: JQuery
  arrow: JQuery
  buttons: JQuery
  time_before_tooltip: number
  tabs_functions: TabFunction[]
  reset_tabs_function: (cell: InspectedCell, text: string) => void
  _hidden: boolean
  _sticky: boolean
  _reply: InspectReply | null
  _code_mirror: CodeMirror.Editor | null
  _old_cell: InspectedCell | null
  _old_request: string | null
  _consecutive_counter: number
  _pending_timer: number
  _stick_timer: number
  _request_number: number

  constructor(events: EventBus) {
    this.events = events
    this.time_before_tooltip = 1200
    this._hidden = true
    this._sticky = false
    this._reply = null
    this._code_mirror = null
    this._old_cell = null
    this._old_request = null
    this._consecutive_counter = 0
    this._pending_timer = 0
    this._stick_timer = 0
    this._request_number = 0
    this.tooltip = $("#tooltip")
    this.text = $("<div/>").addClass("tooltiptext smalltooltip").attr({ "aria-live": "polite", tabindex: "0" })
    this.arrow = $("<div/>").addClass("pretooltiparrow")
    this.buttons = this._make_buttons()
    this.tooltip.addClass("ipython_tooltip").empty().append(this.buttons, this.arrow, this.text).hide()
    this.tabs_functions = [
      (cell, text, cursor_pos) => this._request_tooltip(cell, text, cursor_pos),
      () => this.expand(),
      () => this.stick(),
      (cell) => {
        this.cancel_stick()
        this.showInPager(cell)
      },
    ]
    this.reset_tabs_function = (cell, text) => {
      this._old_cell = cell
      this._old_request = text
      this._consecutive_counter = 0
    }
  }

  _make_buttons(): JQuery {
    const button = (title: string, icon: string, click: () => void): JQuery =>
      $("<a/>")
        .attr({ href: "#", role: "button", title, "aria-label": title })
        .addClass("ui-button")
        .append($("<i/>").addClass(`fa ${icon}`))
        .on("click", (event) => {
          event.preventDefault()
          click()
        })
    const close = button(_("Close the tooltip"), "fa-close fa-times", () => this.remove_and_cancel_tooltip(true))
    const expand = button(_("Grow the tooltip vertically (press shift-tab twice)"), "fa-plus", () => this.expand()).attr("id", "expanbutton")
    const open = button(_("Show the current docstring in pager (press shift-tab 4 times)"), "fa-arrow-circle-up fa-arrow-up", () =>
      this.showInPager(this._old_cell),
    )
    const clock = button(_("Tooltip will linger for 10 seconds while you type"), "fa-clock-o", () => undefined).addClass("clock").hide()
    return $("<div/>").addClass("tooltipbuttons").append(close, expand, open, clock)
  }

  is_visible(): boolean {
    return !this._hidden
  }

  /** The whole answer, in the pager. */
  showInPager(_cell?: InspectedCell | null): void {
    const data = this._reply?.content.data
    if (data) this.events.trigger("open_with_text.Pager", { data })
    this.remove_and_cancel_tooltip(true)
  }

  expand(): void {
    this.text.removeClass("smalltooltip").addClass("bigtooltip")
    $("#expanbutton").addClass("expanded")
  }

  _hide(): void {
    this._hidden = true
    if (this.tooltip[0]?.contains(document.activeElement)) this._code_mirror?.focus()
    this.tooltip.fadeOut(FADE_MS / 2)
    $("#expanbutton").removeClass("expanded")
    this.text.removeClass("bigtooltip").addClass("smalltooltip")
    this._code_mirror = null
  }

  /** Close it, unless it is to stay; `force` closes it in any case. → whether there was something to close. */
  remove_and_cancel_tooltip(force = false): boolean {
    const was_visible = !this._hidden
    if (this._sticky && !force) return false
    this.cancel_pending()
    this.cancel_stick()
    this._request_number += 1
    if (was_visible) this._hide()
    return was_visible
  }

  cancel_pending(): void {
    clearTimeout(this._pending_timer)
    this._pending_timer = 0
  }

  /** Ask soon, unless something else is pressed before. */
  pending(cell: InspectedCell, hide_if_no_docstring = false): void {
    this.cancel_pending()
    this._pending_timer = window.setTimeout(() => this.request(cell, hide_if_no_docstring), this.time_before_tooltip)
  }

  _request_tooltip(cell: InspectedCell, text: string, cursor_pos: number): void {
    const kernel = cell.kernel as InspectingKernel | null
    if (!kernel) return
    this._request_number += 1
    const asked = this._request_number
    kernel.inspect(text, cursor_pos, (reply) => {
      // An answer that came after the tooltip was cancelled must not open it.
      if (asked === this._request_number) this._show(reply)
    })
  }

  /** Show, then with each call for the same text: expand, make stay, open in the pager. */
  request(cell: InspectedCell, _hide_if_no_docstring = false): void {
    this.cancel_pending()
    const editor = cell.code_mirror
    this._code_mirror = editor
    const { text, cursor_pos } = this._question(editor)
    const is_same = this._old_cell === cell && this._old_request === `${cursor_pos}:${text}` && this.is_visible()
    if (!is_same) this.reset_tabs_function(cell, `${cursor_pos}:${text}`)
    const step = Math.min(this._consecutive_counter, this.tabs_functions.length - 1)
    this._consecutive_counter += 1
    this.tabs_functions[step]?.(cell, text, cursor_pos)
  }

  /* What is selected, or the whole text and the cursor's place in it, in characters. */
  _question(editor: CodeMirror.Editor): { text: string; cursor_pos: number } {
    const selected = editor.getSelection()
    if (selected !== "") return { text: selected, cursor_pos: Array.from(selected).length }
    const text = editor.getValue()
    return { text, cursor_pos: utils.js_idx_to_char_idx(editor.indexFromPos(editor.getCursor()), text) }
  }

  cancel_stick(): void {
    clearTimeout(this._stick_timer)
    this._stick_timer = 0
    this.buttons.find(".clock").hide()
    this._sticky = false
  }

  /** Stay for `time` seconds, whatever is typed. */
  stick(time: number = STICK_S): void {
    this.cancel_stick()
    this._sticky = true
    this.buttons.find(".clock").show()
    this._stick_timer = window.setTimeout(() => {
      this._sticky = false
      this.buttons.find(".clock").hide()
    }, time * 1000)
  }

  _show(reply: InspectReply): void {
    const text = reply.content.data?.["text/plain"]
    if (reply.content.status === "error" || !reply.content.found || typeof text !== "string" || !this._code_mirror) return
    this._reply = reply
    this._hidden = false
    this.text.html($("<pre/>").html(consoleHtml(text)).prop("outerHTML") as string).scrollTop(0)
    this.tooltip.stop(true, true).fadeIn(FADE_MS / 2)
    this._place(this._code_mirror)
  }

  /* Under the line of the cursor, within the page's width. */
  _place(editor: CodeMirror.Editor): void {
    const cursor = editor.cursorCoords(true, "page")
    const parent = this.tooltip.offsetParent()
    const origin = parent.offset() ?? { left: 0, top: 0 }
    const width = this.tooltip.outerWidth() ?? 0
    const left = Math.max(5, Math.min(cursor.left - width * 0.1, window.innerWidth - width - 20))
    this.tooltip.css({
      left: `${left - origin.left + (parent.scrollLeft() ?? 0)}px`,
      top: `${cursor.bottom + 10 - origin.top + (parent.scrollTop() ?? 0)}px`,
    })
    this.arrow.css({ left: `${cursor.left - left}px` })
  }
}
