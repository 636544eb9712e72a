/** The shortcuts of one mode, and the action each one calls. */
import { event_to_shortcut, normalize_shortcut, only_modifier_event } from "./shortcuts"
import { isFree, leaves, lookUp, plant, uproot, type Tree } from "./shortcuttree"

/** Actions as a ShortcutManager needs them: `ActionHandler`. */
export interface ActionsLike {
  get(name: string): { help?: string; help_index?: string } | undefined
  get_name(name_or_data: unknown): string | undefined
  exists(name: string): boolean
  call(name: string, event?: unknown, env?: unknown): unknown
}

interface ConfigLike {
  data: { keys?: Record<string, { bind?: Record<string, string | null>; unbind?: string[] } | undefined> }
  update(patch: object): unknown
}

interface EventsLike {
  trigger(name: string): unknown
}

type KeyboardEventLike = Parameters<typeof event_to_shortcut>[0] & { preventDefault(): void }

export interface ShortcutHelp {
  shortcut: string
  help: string
  help_index: string | undefined
}

const SEQUENCE_DELAY_MS = 800

function stepsOf(shortcut: string | readonly string[]): readonly string[] {
  return typeof shortcut === "string" ? shortcut.split(",") : shortcut
}

const LAST_INDEX = "zzz"

function byIndex(a: ShortcutHelp, b: ShortcutHelp): number {
  const [first, second] = [a.help_index ?? LAST_INDEX, b.help_index ?? LAST_INDEX]
  if (first !== second) return first < second ? -1 : 1
  return a.shortcut < b.shortcut ? -1 : 1
}

export class ShortcutManager {
  _shortcuts: Tree
  _defaults_bindings: string[]
  _queue: string[]
  _cleartimeout: ReturnType<typeof setTimeout> | null
  delay: number
  events: EventsLike | undefined
  actions: ActionsLike
  env: unknown
  _config: ConfigLike | undefined
  _mode: string | undefined

  constructor(
    delay: number | undefined,
    events: EventsLike | undefined,
    actions: ActionsLike,
    env?: unknown,
    config?: ConfigLike,
    mode?: string,
  ) {
    this._shortcuts = {}
    this._defaults_bindings = []
    this._queue = []
    this._cleartimeout = null
    this.delay = delay ?? SEQUENCE_DELAY_MS
    this.events = events
    this.actions = actions
    this.env = env
    this._config = config
    this._mode = mode
    Object.seal(this)
  }

  /** Forget a begun sequence after `delay` milliseconds. */
  clearsoon(): void {
    if (this._cleartimeout !== null) clearTimeout(this._cleartimeout)
    this._cleartimeout = setTimeout(() => this.clearqueue(), this.delay)
  }

  clearqueue(): void {
    this._queue = []
    if (this._cleartimeout !== null) clearTimeout(this._cleartimeout)
    this._cleartimeout = null
  }

  /** The action's name at `shortcut`, a subtree where longer ones begin, or undefined. */
  get_shortcut(shortcut: string | readonly string[]): Tree | string | undefined {
    const steps = typeof shortcut === "string" ? stepsOf(normalize_shortcut(shortcut)) : shortcut
    return this._get_leaf(steps, this._shortcuts) ?? undefined
  }

  /** The normalised shortcuts bound to the action. */
  get_action_shortcuts(name: string): string[] {
    return leaves(this._shortcuts).filter((leaf) => leaf.action === name).map((leaf) => leaf.shortcut)
  }

  get_action_shortcut(name: string): string | undefined {
    return this.get_action_shortcuts(name)[0]
  }

  /** Every shortcut whose action has a help text, by `help_index` and then by key; what has no index comes last. */
  help(): ShortcutHelp[] {
    const rows = leaves(this._shortcuts).flatMap(({ shortcut, action }) => {
      const known = this.actions.get(action)
      if (!known?.help || known.help === "ignore") return []
      return [{ shortcut, help: known.help, help_index: known.help_index }]
    })
    return rows.sort(byIndex)
  }

  clear_shortcuts(): void {
    this._shortcuts = {}
  }

  _get_leaf(shortcut_array: readonly string[], tree: Tree): Tree | string | null {
    return lookUp(shortcut_array, tree)
  }

  _is_leaf(shortcut_array: readonly string[], tree: Tree): boolean {
    return typeof lookUp(shortcut_array, tree) === "string"
  }

  _set_leaf(shortcut_array: readonly string[], action_name: string, tree: Tree): boolean {
    return plant(shortcut_array, action_name, tree)
  }

  _remove_leaf(shortcut_array: readonly string[], tree: Tree, allow_node = false): void {
    uproot(shortcut_array, tree, allow_node)
  }

  is_available_shortcut(shortcut: string): boolean {
    return this._is_available_shortcut(stepsOf(normalize_shortcut(shortcut)), this._shortcuts)
  }

  _is_available_shortcut(shortcut_array: readonly string[], tree: Tree): boolean {
    return isFree(shortcut_array, tree)
  }

  /** Bind without looking whether the action exists. False, with a warning, when a shorter shortcut is in the way. */
  set_shortcut(shortcut: string | readonly string[], action_name: string): boolean {
    const steps = typeof shortcut === "string" ? stepsOf(normalize_shortcut(shortcut)) : shortcut
    const isSet = this._set_leaf(steps, action_name, this._shortcuts)
    if (!isSet) console.warn(`Shortcut ${steps.join(",")} is not set: its beginning is a shortcut by itself`)
    return isSet
  }

  /** Bind `shortcut` to an action's name, an action, or a handler. An unknown name may get its action later. */
  add_shortcut(shortcut: string, data: unknown, suppress_help_update = false): void {
    const action_name = this.actions.get_name(data) ?? (typeof data === "string" ? data : undefined)
    if (action_name === undefined) throw new Error(`cannot bind ${shortcut}: neither an action nor a handler: ${String(data)}`)
    if (!this.actions.exists(action_name)) console.warn(`Shortcut ${shortcut} is bound to ${action_name}, which no one has registered yet`)
    this.set_shortcut(shortcut, action_name)
    if (!suppress_help_update) this.events?.trigger("rebuild.QuickHelp")
  }

  add_shortcuts(data: Record<string, unknown>): void {
    for (const [shortcut, action] of Object.entries(data)) this.add_shortcut(shortcut, action, true)
    this.events?.trigger("rebuild.QuickHelp")
  }

  /** `add_shortcuts` that remembers what is bound from the start, for `_persist_remove_shortcut`. */
  _add_default_shortcuts(data: Record<string, unknown>): void {
    this._defaults_bindings.push(...Object.keys(data).map(normalize_shortcut))
    this.add_shortcuts(data)
  }

  /** Throws when nothing is bound to `shortcut`. */
  remove_shortcut(shortcut: string, suppress_help_update = false): void {
    try {
      this._remove_leaf(stepsOf(normalize_shortcut(shortcut)), this._shortcuts)
    } catch (error) {
      throw new Error(`cannot remove shortcut ${shortcut}: ${(error as Error).message}`)
    }
    if (!suppress_help_update) this.events?.trigger("rebuild.QuickHelp")
  }

  /** Bind now and in the user's configuration. */
  _persist_shortcut(shortcut: string, data: string): void {
    this.add_shortcut(shortcut, data)
    this._config?.update({ keys: { [this._mode ?? ""]: { bind: { [normalize_shortcut(shortcut)]: data } } } })
  }

  /** Unbind now and in the user's configuration; a default stays unbound after a reload. */
  _persist_remove_shortcut(shortcut: string): void {
    const normal = normalize_shortcut(shortcut)
    this.remove_shortcut(normal)
    const mode = this._mode ?? ""
    const patch: { bind: Record<string, null>; unbind?: string[] } = { bind: { [normal]: null } }
    if (this._defaults_bindings.includes(normal)) {
      patch.unbind = [...new Set([...(this._config?.data.keys?.[mode]?.unbind ?? []), normal])]
    }
    this._config?.update({ keys: { [mode]: patch } })
  }

  /** Take one key: true when it is none of ours, else what the action returned, or false in the midst of a sequence. */
  call_handler(event: KeyboardEventLike): unknown {
    if (this._queue.length > 0 && only_modifier_event(event)) return true
    this.clearsoon()
    this._queue.push(event_to_shortcut(event))
    const found = this.get_shortcut(this._queue)
    if (typeof found === "object") return false
    this.clearqueue()
    if (found === undefined || !this.actions.exists(found)) return true
    return this.actions.call(found, event, this.env)
  }

  /** Whether the key, after those already typed, is or begins a shortcut. */
  handles(event: KeyboardEventLike): boolean {
    return this.get_shortcut([...this._queue, event_to_shortcut(event)]) !== undefined
  }
}
