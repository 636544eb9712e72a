/** What an action is, and how the built-in ones are written down. */
import type { Notebook } from "../notebook"
import type { Pager } from "../pager"
import type { QuickHelp } from "../quickhelp"
import type { SaveWidget } from "../savewidget"

/** The page's objects as handlers see them. They are looked at when an action is called, not when it is registered. */
export interface ActionEnv {
  notebook: Notebook
  pager: Pager
  quick_help: QuickHelp
  save_widget: SaveWidget
}

export type ActionHandlerFunction = (env: ActionEnv, event?: JQuery.TriggeredEvent | Event) => unknown

export interface Action {
  handler: ActionHandlerFunction
  /** One phrase for the help dialog and the toolbar's tooltip. */
  help?: string
  /** Font Awesome class of the toolbar button: `fa-save`. */
  icon?: string
  /** Sort key of the help dialog. */
  help_index?: string
  /** Text in the command palette. Built-in actions only. */
  cmd?: string
}

/** One row of a table of built-in actions; `decides` lets the handler say what becomes of the event. */
export interface BuiltIn extends Action {
  decides?: true
}

export type BuiltInTable = Readonly<Record<string, BuiltIn>>
