/** Actions on outputs, on what the page shows, and on the file. */
import $ from "jquery"
import type { ActionEnv, BuiltInTable } from "./action"
import { _ } from "../../../../i18n/words"

const OUTPUTS: BuiltInTable = {
  "toggle-cell-output-collapsed": {
    cmd: _("toggle cell output"),
    help: _("toggle output of selected cells"),
    help_index: "gb",
    handler: (env) => env.notebook.toggle_cells_outputs(),
  },
  "toggle-cell-output-scrolled": {
    cmd: _("toggle cell scrolling"),
    help: _("toggle output scrolling of selected cells"),
    help_index: "gc",
    handler: (env) => env.notebook.toggle_cells_outputs_scroll(),
  },
  "clear-cell-output": {
    cmd: _("clear cell output"),
    help: _("clear output of selected cells"),
    handler: (env) => env.notebook.clear_cells_outputs(),
  },
  "toggle-all-cells-output-collapsed": {
    cmd: _("toggle all cells output collapsed"),
    help: _("toggle the hidden state of all output areas"),
    handler: (env) => env.notebook.toggle_all_output(),
  },
  "toggle-all-cells-output-scrolled": {
    cmd: _("toggle all cells output scrolled"),
    help: _("toggle the scrolling state of all output areas"),
    handler: (env) => env.notebook.toggle_all_output_scroll(),
  },
  "clear-all-cells-output": {
    cmd: _("clear all cells output"),
    help: _("clear the content of all the outputs"),
    handler: (env) => env.notebook.clear_all_output(),
  },
}

const LINE_NUMBERS: BuiltInTable = {
  "toggle-cell-line-numbers": {
    cmd: _("toggle line numbers"),
    help: _("toggle line numbers"),
    help_index: "ga",
    handler: (env) => env.notebook.cell_toggle_line_numbers(),
  },
  "toggle-all-line-numbers": {
    cmd: _("toggle all line numbers"),
    help: _("toggles line numbers in all cells, and persist the setting"),
    icon: "fa-list-ol",
    handler: (env) => env.notebook.toggle_all_line_numbers(),
  },
  "show-all-line-numbers": {
    cmd: _("show all line numbers"),
    help: _("show line numbers in all cells, and persist the setting"),
    handler: (env) => void (env.notebook.line_numbers = true),
  },
  "hide-all-line-numbers": {
    cmd: _("hide all line numbers"),
    help: _("hide line numbers in all cells, and persist the setting"),
    handler: (env) => void (env.notebook.line_numbers = false),
  },
}

/* The menubar alone keeps no setting: hidden for good, it could not be brought back by mouse. */
function showMenubar(env: ActionEnv, isShown?: boolean): void {
  $("#menubar-container").toggle(isShown ?? $("#menubar-container").css("display") === "none")
  env.notebook.events.trigger("resize-header.Page")
}

const SHELL: BuiltInTable = {
  "toggle-header": {
    cmd: _("toggle header"),
    help: _("hide/show the header"),
    handler: (env) => void (env.notebook.header = !env.notebook.header),
  },
  "show-header": { cmd: _("show the header"), help: _("show the header"), handler: (env) => void (env.notebook.header = true) },
  "hide-header": { cmd: _("hide the header"), help: _("hide the header"), handler: (env) => void (env.notebook.header = false) },
  "toggle-menubar": { help: _("hide/show the menu bar"), handler: (env) => showMenubar(env) },
  "show-menubar": { help: _("show the menu bar"), handler: (env) => showMenubar(env, true) },
  "hide-menubar": { help: _("hide the menu bar"), handler: (env) => showMenubar(env, false) },
  "toggle-toolbar": {
    cmd: _("toggle toolbar"),
    help: _("hide/show the toolbar"),
    handler: (env) => void (env.notebook.toolbar = !env.notebook.toolbar),
  },
  "show-toolbar": { cmd: _("show the toolbar"), help: _("show the toolbar"), handler: (env) => void (env.notebook.toolbar = true) },
  "hide-toolbar": { cmd: _("hide the toolbar"), help: _("hide the toolbar"), handler: (env) => void (env.notebook.toolbar = false) },
  "toggle-table-of-contents": {
    cmd: _("toggle table of contents"),
    help: _("hide/show the table of contents"),
    icon: "fa-list",
    handler: (env) => env.notebook.outline?.contents.toggle(),
  },
  "close-pager": { cmd: _("close the pager"), help: _("close the pager"), handler: (env) => env.pager?.collapse() },
  "show-keyboard-shortcuts": {
    cmd: _("show keyboard shortcuts"),
    help: _("show keyboard shortcuts"),
    help_index: "ge",
    handler: (env) => env.quick_help.show_keyboard_shortcuts(),
  },
  "edit-command-mode-keyboard-shortcuts": {
    cmd: _("edit command mode keyboard shortcuts"),
    help: _("edit the keys of command mode"),
    handler: (env) => env.notebook.show_shortcuts_editor(),
  },
  "show-command-palette": {
    cmd: _("show command pallette"),
    help: _("open the command palette"),
    icon: "fa-keyboard-o",
    help_index: "aa",
    handler: (env) => env.notebook.show_command_palette(),
  },
}

const DIRECTION: BuiltInTable = {
  "toggle-cell-rtl-layout": {
    cmd: _("toggle current cell ltr/rtl direction"),
    help: _("toggle the direction of the selected cells between left-to-right and right-to-left"),
    handler: (env) => env.notebook.toggle_cells_direction(),
  },
  "toggle-rtl-layout": {
    cmd: _("toggle notebook ltr/rtl direction"),
    help: _("toggle the direction of the notebook between left-to-right and right-to-left"),
    handler: (env) => env.notebook.toggle_direction(),
  },
}

const FILE: BuiltInTable = {
  "save-notebook": {
    cmd: _("save notebook"),
    help: _("Save and Checkpoint"),
    icon: "fa-save",
    help_index: "fb",
    handler: (env) => env.notebook.save_checkpoint(),
  },
  "duplicate-notebook": {
    cmd: _("duplicate notebook"),
    help: _("create and open a copy of the current notebook"),
    handler: (env) => env.notebook.copy_notebook(),
  },
  "rename-notebook": {
    cmd: _("rename notebook"),
    help: _("rename current notebook"),
    handler: (env) => env.save_widget.rename_notebook({ notebook: env.notebook }),
  },
  "trust-notebook": {
    cmd: _("trust notebook"),
    help: _("trust the current notebook"),
    handler: (env) => env.notebook.trust_notebook(),
  },
}

export const PAGE_ACTIONS: BuiltInTable = { ...OUTPUTS, ...LINE_NUMBERS, ...SHELL, ...DIRECTION, ...FILE }
