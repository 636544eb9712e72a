/** Actions on outputs, on what the page shows, and on the file. */
import $ from "jquery"
import type { ActionEnv, BuiltInTable } from "./action"

const OUTPUTS: BuiltInTable = {
  "toggle-cell-output-collapsed": {
    cmd: "toggle cell output",
    help: "toggle output of selected cells",
    help_index: "gb",
    handler: (env) => env.notebook.toggle_cells_outputs(),
  },
  "toggle-cell-output-scrolled": {
    cmd: "toggle cell scrolling",
    help: "toggle output scrolling of selected cells",
    help_index: "gc",
    handler: (env) => env.notebook.toggle_cells_outputs_scroll(),
  },
  "clear-cell-output": {
    cmd: "clear cell output",
    help: "clear output of selected cells",
    handler: (env) => env.notebook.clear_cells_outputs(),
  },
  "toggle-all-cells-output-collapsed": {
    cmd: "toggle all cells output collapsed",
    help: "toggle the hidden state of all output areas",
    handler: (env) => env.notebook.toggle_all_output(),
  },
  "toggle-all-cells-output-scrolled": {
    cmd: "toggle all cells output scrolled",
    help: "toggle the scrolling state of all output areas",
    handler: (env) => env.notebook.toggle_all_output_scroll(),
  },
  "clear-all-cells-output": {
    cmd: "clear all cells output",
    help: "clear the content of all the outputs",
    handler: (env) => env.notebook.clear_all_output(),
  },
}

const LINE_NUMBERS: BuiltInTable = {
  "toggle-cell-line-numbers": {
    cmd: "toggle line numbers",
    help: "toggle line numbers",
    help_index: "ga",
    handler: (env) => env.notebook.cell_toggle_line_numbers(),
  },
  "toggle-all-line-numbers": {
    cmd: "toggle all line numbers",
    help: "toggles line numbers in all cells, and persist the setting",
    icon: "fa-list-ol",
    handler: (env) => env.notebook.toggle_all_line_numbers(),
  },
  "show-all-line-numbers": {
    cmd: "show all line numbers",
    help: "show line numbers in all cells, and persist the setting",
    handler: (env) => void (env.notebook.line_numbers = true),
  },
  "hide-all-line-numbers": {
    cmd: "hide all line numbers",
    help: "hide line numbers in all cells, and persist the setting",
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
    cmd: "toggle header",
    help: "hide/show the header",
    handler: (env) => void (env.notebook.header = !env.notebook.header),
  },
  "show-header": { cmd: "show the header", help: "show the header", handler: (env) => void (env.notebook.header = true) },
  "hide-header": { cmd: "hide the header", help: "hide the header", handler: (env) => void (env.notebook.header = false) },
  "toggle-menubar": { help: "hide/show the menu bar", handler: (env) => showMenubar(env) },
  "show-menubar": { help: "show the menu bar", handler: (env) => showMenubar(env, true) },
  "hide-menubar": { help: "hide the menu bar", handler: (env) => showMenubar(env, false) },
  "toggle-toolbar": {
    cmd: "toggle toolbar",
    help: "hide/show the toolbar",
    handler: (env) => void (env.notebook.toolbar = !env.notebook.toolbar),
  },
  "show-toolbar": { cmd: "show the toolbar", help: "show the toolbar", handler: (env) => void (env.notebook.toolbar = true) },
  "hide-toolbar": { cmd: "hide the toolbar", help: "hide the toolbar", handler: (env) => void (env.notebook.toolbar = false) },
  "toggle-table-of-contents": {
    cmd: "toggle table of contents",
    help: "hide/show the table of contents",
    icon: "fa-list",
    handler: (env) => env.notebook.outline?.contents.toggle(),
  },
  "close-pager": { cmd: "close the pager", help: "close the pager", handler: (env) => env.pager?.collapse() },
  "show-keyboard-shortcuts": {
    cmd: "show keyboard shortcuts",
    help: "show keyboard shortcuts",
    help_index: "ge",
    handler: (env) => env.quick_help.show_keyboard_shortcuts(),
  },
  "edit-command-mode-keyboard-shortcuts": {
    cmd: "edit command mode keyboard shortcuts",
    help: "edit the keys of command mode",
    handler: (env) => env.notebook.show_shortcuts_editor(),
  },
  "show-command-palette": {
    cmd: "show command pallette",
    help: "open the command palette",
    icon: "fa-keyboard-o",
    help_index: "aa",
    handler: (env) => env.notebook.show_command_palette(),
  },
}

const DIRECTION: BuiltInTable = {
  "toggle-cell-rtl-layout": {
    cmd: "toggle current cell ltr/rtl direction",
    help: "toggle the direction of the selected cells between left-to-right and right-to-left",
    handler: (env) => env.notebook.toggle_cells_direction(),
  },
  "toggle-rtl-layout": {
    cmd: "toggle notebook ltr/rtl direction",
    help: "toggle the direction of the notebook between left-to-right and right-to-left",
    handler: (env) => env.notebook.toggle_direction(),
  },
}

const FILE: BuiltInTable = {
  "save-notebook": {
    cmd: "save notebook",
    help: "Save and Checkpoint",
    icon: "fa-save",
    help_index: "fb",
    handler: (env) => env.notebook.save_checkpoint(),
  },
  "duplicate-notebook": {
    cmd: "duplicate notebook",
    help: "create and open a copy of the current notebook",
    handler: (env) => env.notebook.copy_notebook(),
  },
  "rename-notebook": {
    cmd: "rename notebook",
    help: "rename current notebook",
    handler: (env) => env.save_widget.rename_notebook({ notebook: env.notebook }),
  },
  "trust-notebook": {
    cmd: "trust notebook",
    help: "trust the current notebook",
    handler: (env) => env.notebook.trust_notebook(),
  },
}

export const PAGE_ACTIONS: BuiltInTable = { ...OUTPUTS, ...LINE_NUMBERS, ...SHELL, ...DIRECTION, ...FILE }
