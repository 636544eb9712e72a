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

/** Make `button`, which names the languages there are (`data-languages`) and the chosen one (`data-chosen`), open a menu of them. */
export function bindLanguageSwitch(button: HTMLElement | null, options: LanguageSwitchOptions): void {
  if (button) new LanguageMenu(button, options).start()
}

class LanguageMenu {
  private readonly menu = document.createElement("ul")

  constructor(private readonly button: HTMLElement, private readonly options: LanguageSwitchOptions) {}

  start(): void {
    const said = _("Language: %s", ownName(pageLanguage()))
    this.button.title = said
    this.button.setAttribute("aria-label", said)
    this.button.setAttribute("aria-haspopup", "true")
    this.button.append(icon())
    this.menu.className = "dropdown-menu"
    this.menu.setAttribute("role", "menu")
    this.menu.setAttribute("aria-label", _("Language"))
    const languages = (this.button.dataset.languages ?? "").split(" ").filter(Boolean)
    this.menu.append(...["", "en", ...languages].map((choice) => this.item(choice)))
    this.button.after(this.menu)
    this.show(false)
    this.button.addEventListener("click", () => this.toggle())
    this.box.addEventListener("keydown", (event) => this.onKey(event))
    this.box.addEventListener("focusout", (event) => {
      if (!this.box.contains(event.relatedTarget as Node | null)) this.show(false)
    })
    document.addEventListener("click", (event) => {
      if (!this.box.contains(event.target as Node)) this.show(false)
    })
  }

  private get box(): HTMLElement {
    return this.button.parentElement as HTMLElement
  }

  private get links(): HTMLElement[] {
    return [...this.menu.querySelectorAll("a")]
  }

  private get isOpen(): boolean {
    return this.box.classList.contains("open")
  }

  private item(choice: Choice): HTMLElement {
    const link = document.createElement("a")
    link.href = "#"
    link.tabIndex = -1
    link.setAttribute("role", "menuitemradio")
    link.setAttribute("aria-checked", String(choice === (this.button.dataset.chosen ?? "")))
    link.textContent = choice === "" ? _("As the browser asks") : ownName(choice)
    if (choice !== "") link.lang = choice
    link.addEventListener("click", (event) => {
      event.preventDefault()
      this.choose(choice)
    })
    const item = document.createElement("li")
    item.setAttribute("role", "none")
    item.append(link)
    return item
  }

  private toggle(): void {
    this.show(!this.isOpen)
    if (this.isOpen) (this.links.find((link) => link.getAttribute("aria-checked") === "true") ?? this.links[0])?.focus()
  }

  private show(isOpen: boolean): void {
    this.box.classList.toggle("open", isOpen)
    this.button.setAttribute("aria-expanded", String(isOpen))
  }

  private onKey(event: KeyboardEvent): void {
    if (!this.isOpen) return
    const at = this.links.indexOf(document.activeElement as HTMLElement)
    const last = this.links.length - 1
    const next = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last }[event.key]
    event.stopPropagation() // a letter typed here is no command of the page
    if (next !== undefined) this.links[next]?.focus()
    else if (event.key === "Escape") this.close()
    else if (event.key === " ") (document.activeElement as HTMLElement | null)?.click()
    else return
    event.preventDefault()
  }

  private close(): void {
    this.show(false)
    this.button.focus()
  }

  private choose(choice: Choice): void {
    this.close()
    const { baseUrl, reload = () => window.location.reload() } = this.options
    requestJson("PATCH", `${baseUrl}api/config/common`, { language: choice === "" ? null : choice }).then(
      () => reload(),
      (error: unknown) => {
        this.button.title = _("The language could not be kept: %s", error instanceof Error ? error.message : String(error))
      },
    )
  }
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
