/** The dialog that lists the keyboard shortcuts, and shortcuts as people read them. */
import $ from "jquery"
import type { EventBus } from "../../base/js/events"
import { modal } from "../../base/js/dialog"
import { platform } from "../../base/js/utils/platform"
import type { KeyboardManager } from "./keyboardmanager"
import type { Notebook } from "./notebook"
import { _ } from "../../../i18n/words"

interface EditorShortcut {
  shortcut: string
  help: string
}

export interface QuickHelpOptions {
  keyboard_manager: KeyboardManager
  events: EventBus
  notebook: Notebook
}

const MAC_SYMBOLS: Readonly<Record<string, string>> = {
  cmd: "⌘", meta: "⌘", shift: "⇧", alt: "⌥", up: "↑", down: "↓", left: "←", right: "→", eject: "⏏", tab: "⇥",
  backtab: "⇤", capslock: "⇪", esc: "⎋", ctrl: "⌃", enter: "↩", pageup: "⇞", pagedown: "⇟", home: "↖", end: "↘",
  backspace: "⌫", delete: "⌦",
}

const NAMES: Readonly<Record<string, string>> = { cmdtrl: platform === "MacOS" ? "⌘" : "Ctrl" }

/** What CodeMirror does with its own keys, in edit mode. */
const EDITOR_SHORTCUTS: readonly EditorShortcut[] = [
  { shortcut: "Tab", help: _("code completion or indent") },
  { shortcut: "Shift-Tab", help: _("tooltip") },
  { shortcut: "Cmdtrl-]", help: _("indent") },
  { shortcut: "Cmdtrl-[", help: _("dedent") },
  { shortcut: "Cmdtrl-a", help: _("select all") },
  { shortcut: "Cmdtrl-z", help: _("undo") },
  { shortcut: "Cmdtrl-/", help: _("comment") },
  { shortcut: "Cmdtrl-d", help: _("delete whole line") },
  { shortcut: "Cmdtrl-u", help: _("undo selection") },
  { shortcut: "Insert", help: _("toggle overwrite flag") },
]

const EDITOR_SHORTCUTS_PER_PLATFORM: readonly EditorShortcut[] =
  platform === "MacOS"
    ? [
        { shortcut: "Cmd-Up", help: _("go to cell start") },
        { shortcut: "Cmd-Down", help: _("go to cell end") },
        { shortcut: "Alt-Left", help: _("go one word left") },
        { shortcut: "Alt-Right", help: _("go one word right") },
        { shortcut: "Alt-Backspace", help: _("delete word before") },
        { shortcut: "Alt-Delete", help: _("delete word after") },
        { shortcut: "Cmd-Shift-z", help: _("redo") },
        { shortcut: "Cmd-Shift-u", help: _("redo selection") },
      ]
    : [
        { shortcut: "Ctrl-Home", help: _("go to cell start") },
        { shortcut: "Ctrl-End", help: _("go to cell end") },
        { shortcut: "Ctrl-Left", help: _("go one word left") },
        { shortcut: "Ctrl-Right", help: _("go one word right") },
        { shortcut: "Ctrl-Backspace", help: _("delete word before") },
        { shortcut: "Ctrl-Delete", help: _("delete word after") },
        { shortcut: "Ctrl-y", help: _("redo") },
        { shortcut: "Alt-u", help: _("redo selection") },
      ]

function humanizeKey(key: string): string {
  const lower = key.toLowerCase()
  if (NAMES[lower]) return NAMES[lower]
  if (platform === "MacOS" && MAC_SYMBOLS[lower]) return MAC_SYMBOLS[lower]
  return key.length === 1 ? key.toUpperCase() : key.charAt(0).toUpperCase() + key.slice(1)
}

/** `ctrl-shift-minus` → `Ctrl-Shift-Minus`; symbols on a Mac. */
function keysOf(shortcut: string): string {
  const joiner = platform === "MacOS" ? "" : "-"
  const keys = shortcut.split("-").filter((key) => key !== "")
  return keys.map((key) => (keys.length === 1 && key.length === 1 ? key.toUpperCase() : humanizeKey(key))).join(joiner)
}

/** One shortcut as a `kbd` element. */
export function humanize_shortcut(shortcut: string): string {
  return $("<kbd></kbd>").text(keysOf(shortcut)).prop("outerHTML") as string
}

/** `d,d` → `D,D`. */
export function _humanize_sequence(sequence: string): string {
  return sequence.split(",").map(keysOf).join(",")
}

/** A sequence of shortcuts as `kbd` elements. */
export function humanize_sequence(sequence: string): string {
  return sequence.split(",").map(humanize_shortcut).join(",")
}

function entry(shortcut: string, help: string): JQuery {
  const $keys = $("<span class='shortcut_key'></span>").html(humanize_sequence(shortcut))
  return $("<div class='quickhelp'></div>").append($keys, $("<span class='shortcut_descr'></span>").text(` : ${help}`))
}

function twoColumns(entries: JQuery[]): JQuery {
  const half = Math.ceil(entries.length / 2)
  const column = (part: JQuery[]): JQuery => $("<div class='col-md-6'></div>").append(...part)
  return $("<div class='row'></div>").append(column(entries.slice(0, half)), column(entries.slice(half)))
}

function section(title: string, entries: JQuery[], $more: JQuery = $()): JQuery {
  return $("<div></div>").append($("<h4 aria-level='3'></h4>").text(title), $more, twoColumns(entries))
}

export class QuickHelp {
  keyboard_manager: KeyboardManager
  notebook: Notebook
  events: EventBus
  shortcut_dialog: JQuery | null
  force_rebuild: boolean

  constructor(options: QuickHelpOptions) {
    this.keyboard_manager = options.keyboard_manager
    this.notebook = options.notebook
    this.events = options.events
    this.shortcut_dialog = null
    this.force_rebuild = false
    this.keyboard_manager.set_quickhelp(this)
    this.events.on("rebuild.QuickHelp", () => {
      this.force_rebuild = true
    })
  }

  /** Show the dialog, or close it when it is open. */
  show_keyboard_shortcuts(): void {
    if (this.shortcut_dialog?.hasClass("in")) {
      this.shortcut_dialog.modal("hide")
      return
    }
    if (this.shortcut_dialog && !this.force_rebuild) {
      this.shortcut_dialog.modal("show")
      return
    }
    this.shortcut_dialog?.remove()
    this.force_rebuild = false
    this.shortcut_dialog = modal({
      title: _("Keyboard shortcuts"),
      body: this._build_body(),
      destroy: false,
      buttons: { Close: {} },
      notebook: this.notebook,
      keyboard_manager: this.keyboard_manager,
    })
    this.shortcut_dialog.addClass("modal_stretch")
    this.events.trigger("rebuild_done.QuickHelp")
  }

  _build_body(): JQuery {
    const $intro = $("<div class='alert alert-info'></div>").text(
      _("The notebook has two keyboard modes. In edit mode you type into a cell; its border is green. " +
        "In command mode the keys act on the notebook; the cell's border is grey with a blue bar."),
    )
    return $("<div></div>").append($intro, this.build_key_names(), this.build_command_help(), $("<hr>"), this.build_edit_help())
  }

  /** What the symbols of a Mac's keyboard mean; empty elsewhere. */
  build_key_names(): JQuery {
    if (platform !== "MacOS") return $("<div></div>")
    const names: EditorShortcut[] = [
      { shortcut: "cmd", help: _("Command") }, { shortcut: "ctrl", help: "Control" }, { shortcut: "alt", help: _("Option") },
      { shortcut: "shift", help: "Shift" }, { shortcut: "enter", help: _("Return") }, { shortcut: "space", help: _("Space") },
      { shortcut: "tab", help: "Tab" },
    ]
    return section(_("Modifier keys"), names.map((name) => entry(name.shortcut, name.help)))
  }

  build_command_help(): JQuery {
    const shortcuts = this.keyboard_manager.command_shortcuts.help()
    return section(_("Command Mode (press Esc to enable)"), shortcuts.map((row) => entry(row.shortcut, row.help)), this._edit_button())
  }

  _edit_button(): JQuery {
    const $button = $("<button type='button' class='btn btn-default btn-sm edit-shortcuts'></button>").text(_("Edit Shortcuts"))
    return $button.on("click", () => {
      this.shortcut_dialog?.modal("hide")
      this.notebook.show_shortcuts_editor()
    })
  }

  build_edit_help(cm_shortcuts: readonly EditorShortcut[] = [...EDITOR_SHORTCUTS, ...EDITOR_SHORTCUTS_PER_PLATFORM]): JQuery {
    const shortcuts = this.keyboard_manager.edit_shortcuts.help()
    const rows = [...cm_shortcuts, ...shortcuts]
    return section(_("Edit Mode (press Enter to enable)"), rows.map((row) => entry(row.shortcut, row.help)))
  }
}
