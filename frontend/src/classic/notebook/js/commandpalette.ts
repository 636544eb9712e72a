/** A dialog that finds an action by its name and runs it. */
import $ from "jquery"
import { matchScore } from "../../../model/fuzzy"
import { install_bootstrap } from "../../bootstrap/install"
import type { Action } from "./actions"
import type { Notebook } from "./notebook"
import { _humanize_sequence } from "./quickhelp"
import { _, counted } from "../../../i18n/words"

interface Entry {
  name: string
  text: string
  group: string
  icon: string
  shortcut: string
  shortcut_class: "command-shortcut" | "edit-shortcut" | "no-shortcut"
}

const MOST_ENTRIES = 1000
const PAGE_ROWS = 10

/** The action as people read it. */
export function textOf(name: string, action: Action): string {
  if (action.cmd) return action.cmd
  const short = name.slice(name.indexOf(":") + 1)
  return _(short.replace(/-/g, " ").replace(/_/g, "-"))
}

export class CommandPalette {
  notebook: Notebook
  element: JQuery<HTMLElement>
  input: JQuery<HTMLElement>
  list: JQuery<HTMLElement>
  status: JQuery<HTMLElement>
  entries: Entry[]
  active: number

  /** Builds the palette and shows it. */
  constructor(notebook: Notebook) {
    this.notebook = notebook
    this.active = 0
    this.entries = this._collect()
    this.input = $(
      "<input type='search' name='command' autocomplete='off' spellcheck='false' " +
        "role='combobox' aria-expanded='true' aria-controls='cmd-palette-list' aria-autocomplete='list'>",
    ).attr({ placeholder: _("Search for a command"), "aria-label": _("Command") }) as JQuery<HTMLElement>
    this.list = $("<ul class='typeahead__list' id='cmd-palette-list' role='listbox'></ul>").attr("aria-label", _("Commands")) as JQuery<HTMLElement>
    this.status = $("<div class='sr-only' role='status'></div>") as JQuery<HTMLElement>
    this.element = this._build()
    this._bind()
    this._fill("")
    this._show()
  }

  _collect(): Entry[] {
    const { actions } = this.notebook.keyboard_manager
    const entries = Object.entries(actions._actions).map(([name, action]) => this._entry(name, action))
    const shown = entries.filter((entry) => !entry.name.endsWith(":ignore"))
    return shown.sort((a, b) => a.group.localeCompare(b.group) || a.text.localeCompare(b.text)).slice(0, MOST_ENTRIES)
  }

  _entry(name: string, action: Action): Entry {
    const { command_shortcuts, edit_shortcuts } = this.notebook.keyboard_manager
    const command = command_shortcuts.get_action_shortcut(name)
    const edit = edit_shortcuts.get_action_shortcut(name)
    return {
      name,
      text: textOf(name, action),
      group: _("%s command group", name.slice(0, name.indexOf(":"))),
      icon: action.icon ?? "",
      shortcut: _humanize_sequence(command ?? edit ?? ""),
      shortcut_class: command ? "command-shortcut" : edit ? "edit-shortcut" : "no-shortcut",
    }
  }

  _build(): JQuery<HTMLElement> {
    const $query = $("<div class='typeahead__query'></div>").append(this.input)
    const $button = $("<div class='typeahead__button'><button type='submit'><i class='fa fa-search' aria-hidden='true'></i></button></div>")
    $button.children().attr("aria-label", _("Run"))
    const $field = $("<div class='typeahead__field'></div>").append($query, $button)
    const $container = $("<div class='typeahead__container'></div>").append($field, $("<div class='typeahead__result'></div>").append(this.list))
    const $body = $("<div class='modal-body'></div>").append($("<form></form>").append($container, this.status))
    const $content = $("<div class='modal-content'></div>").append($body)
    const $modal = $("<div class='modal cmd-palette' role='dialog' tabindex='-1'></div>").attr("aria-label", _("Command palette"))
    return $modal.append($("<div class='modal-dialog'></div>").append($content)) as JQuery<HTMLElement>
  }

  _bind(): void {
    this.input.on("input", () => this._fill(String(this.input.val() ?? "")))
    this.input.on("keydown", (event) => this._keydown(event as unknown as JQuery.KeyDownEvent))
    this.element.find("form").on("submit", (event) => {
      event.preventDefault()
      this._run(this.list.children("[role=option]").eq(this.active).attr("title"))
    })
    this.list.on("click", "[role=option]", (event) => this._run($(event.currentTarget as HTMLElement).attr("title")))
  }

  _fill(query: string): void {
    const scored = this.entries.map((entry) => ({ entry, score: Math.max(matchScore(query, entry.text), matchScore(query, entry.name)) }))
    const found = scored.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score)
    this.list.empty().attr("role", "listbox")
    this.input.removeAttr("aria-activedescendant").attr("aria-expanded", String(!query || found.length > 0))
    let group = ""
    for (const { entry } of query ? found : scored) {
      if (!query && entry.group !== group) {
        group = entry.group
        $("<li class='typeahead__group' role='presentation'></li>").text(group).appendTo(this.list)
      }
      this.list.append(this._row(entry))
    }
    if (query && found.length === 0) {
      this.list.removeAttr("role") // a list box has options
      $("<li class='typeahead__empty'></li>").text(_("No command fits")).appendTo(this.list)
    }
    this._activate(0)
    this.status.text(counted("%d command", "%d commands", found.length))
  }

  _row(entry: Entry): JQuery {
    const $row = $("<li class='typeahead__item' role='option'></li>").attr({ title: entry.name, id: `cmd-${entry.name.replace(/\W/g, "_")}` })
    $("<i class='fa fa-icon' aria-hidden='true'></i>").addClass(entry.icon).appendTo($row)
    $("<span class='cmd-text'></span>").text(entry.text).appendTo($row)
    const $keys = $("<span class='pull-right'></span>").addClass(entry.shortcut_class).text(entry.shortcut).appendTo($row)
    if (entry.shortcut) $keys.attr("data-mode", entry.shortcut_class === "command-shortcut" ? _("(command mode)") : _("(edit mode)"))
    return $row
  }

  _activate(index: number): void {
    const $rows = this.list.children("[role=option]")
    if ($rows.length === 0) return
    this.active = (index + $rows.length) % $rows.length
    $rows.removeClass("active").removeAttr("aria-selected")
    const $active = $rows.eq(this.active).addClass("active").attr("aria-selected", "true")
    this.input.attr("aria-activedescendant", $active.attr("id") ?? "")
    $active[0]?.scrollIntoView?.({ block: "nearest" })
  }

  _keydown(event: JQuery.KeyDownEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE_ROWS, PageUp: -PAGE_ROWS }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const last = this.list.children("[role=option]").length - 1
    this._activate(Math.abs(step) === 1 ? this.active + step : Math.min(last, Math.max(0, this.active + step)))
  }

  _show(): void {
    install_bootstrap()
    this.notebook.keyboard_manager.disable()
    this.element.on("shown.bs.modal", () => void this.input.trigger("focus"))
    this.element.on("hidden.bs.modal", () => this._hidden())
    this.element.modal({ backdrop: true })
  }

  _hidden(): void {
    this.element.remove()
    this.notebook.get_selected_cell()?.select()
    this.notebook.keyboard_manager.enable()
    this.notebook.keyboard_manager.command_mode()
    this.notebook.focus_cell()
  }

  /* The palette is gone before the action begins: an action may open a dialog or enter edit mode. */
  _run(name: string | undefined): void {
    if (!name) return
    this.element.modal("hide")
    this.notebook.keyboard_manager.actions.call(name)
  }
}
