/** The keys that are bound from the start. */

const named = (shortcuts: Record<string, string>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(shortcuts).map(([keys, name]) => [keys, `jupyter-notebook:${name}`]))

/** In both modes. */
export const COMMON_SHORTCUTS = named({
  shift: "ignore",
  "shift-enter": "run-cell-and-select-next",
  "alt-enter": "run-cell-and-insert-below",
  "ctrl-enter": "run-cell",
  "cmdtrl-enter": "run-cell",
  "cmdtrl-s": "save-notebook",
})

export const EDIT_SHORTCUTS = named({
  esc: "enter-command-mode",
  "ctrl-m": "enter-command-mode",
  up: "move-cursor-up",
  down: "move-cursor-down",
  "ctrl-shift-minus": "split-cell-at-cursor",
  "cmdtrl-shift-p": "show-command-palette",
  "cmdtrl-shift-f": "show-command-palette",
})

export const COMMAND_SHORTCUTS = named({
  space: "scroll-notebook-down",
  "shift-space": "scroll-notebook-up",
  "cmdtrl-shift-p": "show-command-palette",
  "cmdtrl-shift-f": "show-command-palette",
  p: "show-command-palette",
  enter: "enter-edit-mode",
  up: "select-previous-cell",
  k: "select-previous-cell",
  down: "select-next-cell",
  j: "select-next-cell",
  "shift-k": "extend-selection-above",
  "shift-up": "extend-selection-above",
  "shift-j": "extend-selection-below",
  "shift-down": "extend-selection-below",
  "cmdtrl-a": "select-all",
  x: "cut-cell",
  c: "copy-cell",
  v: "paste-cell-below",
  "shift-v": "paste-cell-above",
  "d,d": "delete-cell",
  z: "undo-cell-deletion",
  "shift-z": "redo-cell-change",
  left: "fold-section",
  right: "unfold-section",
  t: "toggle-table-of-contents",
  a: "insert-cell-above",
  b: "insert-cell-below",
  y: "change-cell-to-code",
  m: "change-cell-to-markdown",
  r: "change-cell-to-raw",
  "1": "change-cell-to-heading-1",
  "2": "change-cell-to-heading-2",
  "3": "change-cell-to-heading-3",
  "4": "change-cell-to-heading-4",
  "5": "change-cell-to-heading-5",
  "6": "change-cell-to-heading-6",
  "shift-m": "merge-cells",
  o: "toggle-cell-output-collapsed",
  "shift-o": "toggle-cell-output-scrolled",
  s: "save-notebook",
  l: "toggle-cell-line-numbers",
  "shift-l": "toggle-all-line-numbers",
  h: "show-keyboard-shortcuts",
  "i,i": "interrupt-kernel",
  "0,0": "confirm-restart-kernel",
  esc: "close-pager",
  q: "close-pager",
})
