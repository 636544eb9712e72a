/** Dark or light: the system's choice, or the visitor's own, which every page of theirs then has from its first moment. */
import { requestJson } from "./requests"
import { _ } from "../i18n/words"

export type Theme = "system" | "light" | "dark"

const NEXT: Readonly<Record<Theme, Theme>> = { system: "dark", dark: "light", light: "system" }
const SAID: Readonly<Record<Theme, string>> = {
  system: _("Colours: as the system has them"),
  dark: _("Colours: dark"),
  light: _("Colours: light"),
}

const ICONS: Readonly<Record<Theme, string>> = { system: "fa-adjust", dark: "fa-moon-o", light: "fa-sun-o" }

/** What is chosen now. The server writes it on `<html>`. */
export function chosenTheme(root: HTMLElement = document.documentElement): Theme {
  const chosen = root.dataset.theme
  return chosen === "dark" || chosen === "light" ? chosen : "system"
}

export function showTheme(theme: Theme, root: HTMLElement = document.documentElement): void {
  if (theme === "system") delete root.dataset.theme
  else root.dataset.theme = theme
}

/** Make `button` go through the choices; each is kept with the user's settings, and lasts until the page ends where that fails. */
export function bindThemeSwitch(button: HTMLElement | null, baseUrl: string): void {
  if (!button) return
  const label = (): void => {
    const theme = chosenTheme()
    button.title = SAID[theme]
    button.setAttribute("aria-label", SAID[theme])
    button.replaceChildren(icon(ICONS[theme]))
  }
  label()
  button.addEventListener("click", () => {
    const theme = NEXT[chosenTheme()]
    showTheme(theme)
    label()
    const kept = theme === "system" ? null : theme
    requestJson("PATCH", `${baseUrl}api/config/common`, { theme: kept }).catch((error: unknown) => {
      button.title = _("%1$s, until this page is closed: %2$s", SAID[theme], error instanceof Error ? error.message : String(error))
    })
  })
}

function icon(name: string): HTMLElement {
  const element = document.createElement("i")
  element.className = `fa ${name}`
  element.setAttribute("aria-hidden", "true")
  return element
}
