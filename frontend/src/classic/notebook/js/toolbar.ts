/** A bar of buttons, each for one action, in groups. */
import $ from "jquery"
import type { Action, ActionHandler, ActionHandlerFunction } from "./actions"

/** A list item with a label beside the icon. */
export class Button {
  action: string
  label: string | undefined

  constructor(action: string, options?: { label?: string }) {
    this.action = action
    this.label = options?.label
  }
}

/* As extensions written for earlier releases pass it. */
interface LegacyButton {
  label?: string
  icon?: string
  callback: ActionHandlerFunction
  id?: string
  action?: undefined
}

type ButtonSpec = string | { action: string | (Action & { label?: string }); label?: string } | LegacyButton

interface ResolvedButton {
  action_name: string
  label: string | undefined
  id: string | undefined
}

export type ToolBarGroup = [ButtonSpec[], string?] | string

const MISSING_ICON = "fa-exclamation-triangle"

export class ToolBar {
  selector: string | JQuery
  element: JQuery
  actions: ActionHandler
  /** Of all bars of a class: extensions add to it, or replace what is there, on the prototype. */
  declare _pseudo_actions: Record<string, (this: ToolBar) => JQuery>

  constructor(selector: string | JQuery, options: { actions: ActionHandler }) {
    this.selector = selector
    this.actions = options.actions
    this.element = $(selector as string)
    this.style()
  }

  /** Several groups at once: `[[list, group_id], "<pseudo>", …]`. */
  construct(config: ToolBarGroup[]): void {
    for (const group of config) {
      if (typeof group === "string") this._add_pseudo(group)
      else this.add_buttons_group(group[0], group[1])
    }
  }

  _add_pseudo(marked: string): void {
    const name = marked.replace(/^<(.*)>$/, "$1")
    const make = this._pseudo_actions[name]
    if (make) this.element.append(make.call(this))
  }

  /** Add a group; items are action names, `{action, label}` or, as of old, `{label, icon, callback, id}`. */
  add_buttons_group(list: ButtonSpec | ButtonSpec[], group_id?: string): JQuery {
    const $group = $("<div class='btn-group'></div>")
    if (group_id !== undefined) $group.attr("id", group_id)
    for (const item of Array.isArray(list) ? list : [list]) {
      if (typeof item === "string" && /^<.*>$/.test(item)) $group.append(this._pseudo_actions[item.slice(1, -1)]?.call(this) ?? "")
      else $group.append(this._button(this._resolve(item)))
    }
    this.element.append($group)
    return $group
  }

  _resolve(item: ButtonSpec): ResolvedButton {
    if (typeof item === "string") return { action_name: this._name(item), label: undefined, id: undefined }
    if (item.action !== undefined) {
      const of_action = typeof item.action === "string" ? undefined : item.action.label
      return { action_name: this._name(item.action), label: item.label ?? of_action, id: undefined }
    }
    const { label, icon, callback, id } = item as LegacyButton
    const action = { handler: callback, help: label ?? "", icon: icon ?? MISSING_ICON }
    return { action_name: this.actions.register(action), label: undefined, id }
  }

  /* The name of an action that is not there yet may be given: it is looked up when the button is pressed. */
  _name(action: string | Action): string {
    const known = this.actions.get_name(action)
    if (known === undefined) console.warn(`The toolbar has a button for ${String(action)}, which no one has registered yet`)
    return known ?? String(action)
  }

  _button(resolved: ResolvedButton): JQuery {
    const action = this.actions.get(resolved.action_name)
    const help = action?.help || resolved.action_name
    const $button = $("<button type='button' class='btn btn-default'></button>")
    $button.attr({ title: help, "aria-label": resolved.label ?? help, "data-jupyter-action": resolved.action_name })
    const isSaid = action !== undefined && action !== null && resolved.label !== undefined // its label is enough to know it by
    $("<i class='fa' aria-hidden='true'></i>").addClass(action?.icon || (isSaid ? "" : MISSING_ICON)).prependTo($button)
    if (resolved.label) $("<span class='toolbar-btn-label'></span>").text(resolved.label).appendTo($button)
    if (resolved.id) $button.attr("id", resolved.id)
    return $button.on("click", (event) => {
      this.actions.call(resolved.action_name, event)
      /* A click must not take the keys away from the notebook; whoever pressed a key has come here by keys, and goes on by them. */
      if (event.detail > 0) (event.currentTarget as HTMLElement).blur()
    })
  }

  style(): void {
    this.element.addClass("toolbar")
  }

  /** Show or hide the bar. */
  toggle(): void {
    this.element.toggle()
  }
}
