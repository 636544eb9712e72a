/** One action of the shortcut editor with its keys. */
import $ from "jquery"
import { keycodes, normalize_shortcut } from "../../../base/js/keyboard"
import { humanize_sequence } from "../quickhelp"
import { _ } from "../../../../i18n/words"

/** What a row asks of the dialog around it. */
export interface RowOwner {
  shortcuts: { get_action_shortcuts(name: string): string[] }
  taken_by(shortcut: string): string | undefined
  bind(shortcut: string, action_name: string): void
  unbind(shortcut: string): void
}

const MODIFIERS = ["alt", "ctrl", "meta", "shift"]

/** What is wrong with a normalised shortcut; undefined when it can be typed. */
export function problemOf(shortcut: string): string | undefined {
  if (shortcut === "") return _("Type the keys first, for example ctrl-k or g,g.")
  for (const step of shortcut.split(",")) {
    const keys = step.split("-").filter((key) => key !== "")
    const plain = keys.filter((key) => !MODIFIERS.includes(key))
    const unknown = plain.find((key) => keycodes[key] === undefined)
    if (unknown !== undefined) return _("There is no key “%s”. Join keys with “-”, separate those of a sequence with “,”.", unknown)
    if (plain.length !== 1) return _("“%s” needs exactly one key besides Ctrl, Alt, Shift and Command.", step)
  }
  return undefined
}

/** How shortcuts are written. */
export function introduction(): JQuery {
  const $short = $("<div class='well' id='short-key-binding-intro'></div>").append(
    $("<p></p>").text(_("Here you change the keys of command mode. What you change works at once and in every notebook of yours.")),
    $("<p></p>").text(_("A command may have several shortcuts. The cross behind a shortcut takes it away.")),
  )
  const $examples = $("<p></p>").append(
    ...["cmdtrl-shift-k", "g,g", "alt-enter", "minus"].flatMap((example) => [$("<code></code>").text(example)[0]!, document.createTextNode(" ")]),
  )
  const $long = $("<details class='well' id='long-key-binding-intro'></details>").append(
    $("<summary></summary>").text(_("How shortcuts are written")),
    $("<p></p>").text(
      _("“-” joins keys that are held together, “,” separates keys that are typed one after the other. Upper and lower case mean " +
        "the same. Cmdtrl is Command on a Mac and Ctrl elsewhere. The keys - and , themselves are written minus and comma. " +
        "A sequence cannot begin with a key that is a shortcut by itself."),
    ),
    $examples,
  )
  return $("<div></div>").append($short, $long)
}

export class ShortcutRow {
  readonly element: JQuery
  private readonly $keys = $("<span class='pull-right jupyter-keybindings-keys'></span>")
  private readonly $input: JQuery
  private readonly $problem = $("<div class='jupyter-keybindings-problem' role='alert'></div>").hide()

  constructor(readonly name: string, readonly text: string, private readonly owner: RowOwner) {
    this.$input = $("<input type='text' class='form-control input-sm' autocomplete='off' spellcheck='false'>").attr("placeholder", _("add shortcut"))
    this.$input.attr("aria-label", _("Add a shortcut for %s", text))
    const $add = $("<button type='submit' class='btn btn-default btn-xs'><i class='fa fa-plus' aria-hidden='true'></i></button>")
    $add.attr({ "aria-label": _("Add the shortcut for %s", text), title: _("Add this shortcut") })
    const $right = $("<span class='pull-right jupyter-keybindings-add'></span>").append(this.$input, $add)
    const $text = $("<div class='jupyter-keybindings-text'></div>").text(text).attr("title", `(${name})`)
    this.element = $("<form class='jupyter-keybindings'></form>").append($text, this.$keys, $right, this.$problem)
    this.show_keys()
    this.listen()
  }

  private listen(): void {
    this.element.on("submit", (event) => {
      event.preventDefault()
      this.add()
    })
    this.$input.on("input", () => this.tell(this.obstacle(false)))
    this.$keys.on("click", "button", (event) => this.remove(String($(event.currentTarget as HTMLElement).attr("data-shortcut"))))
  }

  /** Whether the row has what the user looks for. `wanted` in lower case. */
  fits(wanted: string): boolean {
    return this.text.toLowerCase().includes(wanted) || this.keys().some((shortcut) => shortcut === wanted || shortcut.includes(wanted))
  }

  private keys(): string[] {
    return this.owner.shortcuts.get_action_shortcuts(this.name)
  }

  private show_keys(): void {
    this.$keys.empty().append(...this.keys().map((shortcut) => this.key(shortcut)))
  }

  private key(shortcut: string): JQuery {
    const $cross = $("<button type='button' class='btn btn-link btn-xs'><i class='fa fa-times' aria-hidden='true'></i></button>")
    $cross.attr({ "data-shortcut": shortcut, "aria-label": _("Remove the shortcut %s", shortcut), title: _("Remove this shortcut") })
    return $("<span class='jupyter-keybindings-key'></span>").html(humanize_sequence(shortcut)).append($cross)
  }

  private typed(): string {
    const text = String(this.$input.val() ?? "")
    return text.trim() === "" ? "" : normalize_shortcut(text)
  }

  /* Why what is typed cannot be bound. While it is being typed, an unfinished text is no mistake. */
  private obstacle(is_final: boolean): string | undefined {
    const shortcut = this.typed()
    const problem = problemOf(shortcut)
    if (problem !== undefined) return is_final ? problem : undefined
    const owner = this.owner.taken_by(shortcut)
    return owner && _("%1$s belongs to %2$s already. Remove it there first, or choose another.", shortcut, owner)
  }

  private tell(problem: string | undefined): void {
    this.$input.toggleClass("alert-danger", problem !== undefined).attr("aria-invalid", String(problem !== undefined))
    this.$problem.text(problem ?? "").toggle(problem !== undefined)
  }

  private add(): void {
    const problem = this.obstacle(true)
    this.tell(problem)
    if (problem !== undefined) return
    this.owner.bind(this.typed(), this.name)
    this.$input.val("")
    this.show_keys()
  }

  private remove(shortcut: string): void {
    this.owner.unbind(shortcut)
    this.show_keys()
    this.$input.trigger("focus")
  }
}
