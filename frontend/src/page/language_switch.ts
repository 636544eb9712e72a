/** The visitor's choice of language, which every page of theirs then has. A page says its words once, so a choice loads it again. */
import { requestJson } from "./requests"
import { _, pageLanguage } from "../i18n/words"

/** What the menu offers: a language tag, or "" for what the browser asks for. */
type Choice = string

export interface LanguageSwitchOptions {
  baseUrl: string
  /** Shows the page in its new language. */
  reload?: () => void
}

/**
 * Give `button`, which opens a menu as any other (`data-toggle="dropdown"`), the menu of the languages there are
 * (`data-languages`), the chosen one (`data-chosen`) checked.
 */
export function bindLanguageSwitch(button: HTMLElement | null, options: LanguageSwitchOptions): void {
  if (!button) return
  const said = _("Language: %s", ownName(pageLanguage()))
  button.title = said
  button.setAttribute("aria-label", said)
  button.setAttribute("aria-haspopup", "true")
  button.setAttribute("aria-expanded", "false")
  button.append(icon())
  const choices = ["", "en", ...(button.dataset.languages ?? "").split(" ").filter(Boolean)]
  const menu = document.createElement("ul")
  menu.className = "dropdown-menu"
  menu.setAttribute("role", "menu")
  menu.setAttribute("aria-label", _("Language"))
  menu.append(...choices.map((choice) => item(choice, choice === (button.dataset.chosen ?? ""))))
  menu.addEventListener("click", (event) => {
    const link = (event.target as Element).closest("a")
    if (!link) return
    event.preventDefault()
    choose(link.lang, button, options)
  })
  button.after(menu)
}

function item(choice: Choice, isChosen: boolean): HTMLElement {
  const link = document.createElement("a")
  link.href = "#"
  link.tabIndex = -1
  link.setAttribute("role", "menuitemradio")
  link.setAttribute("aria-checked", String(isChosen))
  link.textContent = choice === "" ? _("As the browser asks") : ownName(choice)
  if (choice !== "") link.lang = choice
  const entry = document.createElement("li")
  entry.setAttribute("role", "none")
  entry.append(link)
  return entry
}

function choose(choice: Choice, button: HTMLElement, { baseUrl, reload = () => window.location.reload() }: LanguageSwitchOptions): void {
  requestJson("PATCH", `${baseUrl}api/config/common`, { language: choice === "" ? null : choice }).then(
    () => reload(),
    (error: unknown) => {
      button.title = _("The language could not be kept: %s", error instanceof Error ? error.message : String(error))
    },
  )
}

/** A language as its readers call it: `de` → `Deutsch`. */
function ownName(tag: string): string {
  try {
    const name = new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag
    return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1)
  } catch {
    return tag
  }
}

function icon(): HTMLElement {
  const element = document.createElement("i")
  element.className = "fa fa-globe"
  element.setAttribute("aria-hidden", "true")
  return element
}
