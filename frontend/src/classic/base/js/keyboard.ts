/** `base/js/keyboard` as extensions know it. */
export { inv_keycodes, keycodes } from "./keyboard/keycodes"
export { event_to_shortcut, normalize_key, normalize_shortcut, only_modifier_event, shortcut_to_event } from "./keyboard/shortcuts"
export { ShortcutManager, type ActionsLike, type ShortcutHelp } from "./keyboard/shortcutmanager"
