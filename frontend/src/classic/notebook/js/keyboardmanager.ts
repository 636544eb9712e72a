/** Sends each key of the page to the shortcuts of the current mode. */
import $ from "jquery"
import { keycodes, ShortcutManager } from "../../base/js/keyboard"
import type { EventBus } from "../../base/js/events"
import type { ActionEnv, ActionHandler } from "./actions"
import { COMMAND_SHORTCUTS, COMMON_SHORTCUTS, EDIT_SHORTCUTS } from "./actions/defaultshortcuts"
import type { Notebook } from "./notebook"
import type { Pager } from "./pager"
import type { QuickHelp } from "./quickhelp"

type Mode = "command" | "edit"

interface KeyBindings {
  bind?: Record<string, string | null>
  unbind?: string[]
}

interface ConfigLike {
  data: { keys?: Record<string, KeyBindings | undefined> }
  loaded: Promise<unknown>
  update(patch: object): unknown
}

export interface KeyboardManagerOptions {
  events: EventBus
  actions: ActionHandler
  config: ConfigLike
  pager?: Pager
  notebook?: Notebook
}

function applyBindings(shortcuts: ShortcutManager, bindings: KeyBindings): void {
  for (const shortcut of bindings.unbind ?? []) {
    if (typeof shortcuts.get_shortcut(shortcut) === "string") shortcuts.remove_shortcut(shortcut, true)
  }
  for (const [shortcut, action] of Object.entries(bindings.bind ?? {})) {
    if (action) shortcuts.add_shortcut(shortcut, action, true)
  }
}

function ignores(event: JQuery.KeyDownEvent): boolean {
  const marked = event as unknown as { _ipkmIgnore?: boolean; originalEvent?: { _ipkmIgnore?: boolean } }
  return marked._ipkmIgnore === true || marked.originalEvent?._ipkmIgnore === true
}

const PRESSED = "button, a[href], summary, select, [role=button], [role=link]"
const PRESSING = ["Enter", " "]
const CHOOSING = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"]

/* A button with the focus is pressed by Enter and the space bar, a list is gone through by arrows and letters: no commands then. */
function isForControl(event: JQuery.KeyDownEvent): boolean {
  const { target, key = "" } = event
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !(target instanceof Element) || !target.matches(PRESSED)) return false
  return PRESSING.includes(key) || (target.matches("select") && (CHOOSING.includes(key) || key.length === 1))
}

export class KeyboardManager {
  mode: Mode
  last_mode: Mode
  enabled: boolean
  pager: Pager | undefined
  quick_help: QuickHelp | undefined
  notebook: Notebook | undefined
  actions: ActionHandler
  env: Partial<ActionEnv>
  events: EventBus
  config: ConfigLike
  command_shortcuts: ShortcutManager
  edit_shortcuts: ShortcutManager

  constructor(options: KeyboardManagerOptions) {
    this.mode = "command"
    this.last_mode = "command"
    this.enabled = true
    this.pager = options.pager
    this.quick_help = undefined
    this.notebook = options.notebook
    this.actions = options.actions
    this.env = this.actions.env
    this.events = options.events
    this.config = options.config
    this.actions.extend_env({ ...(options.pager && { pager: options.pager }), ...(options.notebook && { notebook: options.notebook }) })
    this.command_shortcuts = this._new_shortcuts("command")
    this.edit_shortcuts = this._new_shortcuts("edit")
    this._add_defaults()
    this._follow_config()
    this.bind_events()
    Object.seal(this)
  }

  _new_shortcuts(mode: Mode): ShortcutManager {
    type Config = ConstructorParameters<typeof ShortcutManager>[4]
    return new ShortcutManager(undefined, this.events, this.actions as never, this.env, this.config as Config, mode)
  }

  _add_defaults(): void {
    this.command_shortcuts._add_default_shortcuts(this.get_default_common_shortcuts())
    this.command_shortcuts._add_default_shortcuts(this.get_default_command_shortcuts())
    this.edit_shortcuts._add_default_shortcuts(this.get_default_common_shortcuts())
    this.edit_shortcuts._add_default_shortcuts(this.get_default_edit_shortcuts())
  }

  _follow_config(): void {
    const apply = (): void => {
      applyBindings(this.command_shortcuts, this.config.data.keys?.["command"] ?? {})
      applyBindings(this.edit_shortcuts, this.config.data.keys?.["edit"] ?? {})
      this.events.trigger("rebuild.QuickHelp")
    }
    this.config.loaded.then(apply, (error: unknown) => console.error("Keyboard settings could not be loaded", error))
  }

  /** Shortcut → action, in both modes. */
  get_default_common_shortcuts(): Record<string, string> {
    return { ...COMMON_SHORTCUTS }
  }

  get_default_edit_shortcuts(): Record<string, string> {
    return { ...EDIT_SHORTCUTS }
  }

  get_default_command_shortcuts(): Record<string, string> {
    return { ...COMMAND_SHORTCUTS }
  }

  bind_events(): void {
    $(document).on("keydown", (event) => this.handle_keydown(event))
  }

  set_notebook(notebook: Notebook): void {
    this.notebook = notebook
    this.actions.extend_env({ notebook })
  }

  set_quickhelp(quick_help: QuickHelp): void {
    this.quick_help = quick_help
    this.actions.extend_env({ quick_help })
  }

  /** One key of the page. False when it is dealt with. */
  handle_keydown(event: JQuery.KeyDownEvent): unknown {
    if (ignores(event) || (this.enabled && isForControl(event))) return true
    const isEscape = event.which === keycodes["esc"]
    if (isEscape) event.preventDefault() // some browsers close websockets on Escape
    if (!this.enabled) {
      if (isEscape) this.notebook?.command_mode()
      return !isEscape
    }
    return (this.mode === "edit" ? this.edit_shortcuts : this.command_shortcuts).call_handler(event)
  }

  edit_mode(): void {
    this.last_mode = this.mode
    this.mode = "edit"
  }

  command_mode(): void {
    this.last_mode = this.mode
    this.mode = "command"
  }

  enable(): void {
    this.enabled = true
  }

  disable(): void {
    this.enabled = false
  }

  /** Keep keys for the element while the focus is in it: inputs of widgets, of `input()`, of extensions. */
  register_events(e: JQuery | HTMLElement): void {
    const $element = $(e as HTMLElement)
    const watcher = new MutationObserver(() => {
      if ($element.toArray().some((node) => node.isConnected)) return
      watcher.disconnect() // removed while focused: no focusout comes
      this.enable()
    })
    $element.on("focusin", () => {
      this.disable()
      watcher.observe(document.body, { childList: true, subtree: true })
    })
    $element.on("focusout", () => {
      watcher.disconnect()
      this.enable()
    })
    if ($element.toArray().some((node) => node.contains(document.activeElement))) $element.first().trigger("focusin")
  }
}
