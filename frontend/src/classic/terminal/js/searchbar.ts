/** The field that searches in what a terminal shows. */
import type { TerminalView, SearchDirection } from "../../../view/terminal"
import { _ } from "../../../i18n/words"

export class SearchBar {
  private readonly field: HTMLInputElement
  private readonly result: HTMLElement

  constructor(
    readonly form: HTMLFormElement,
    private readonly opener: HTMLButtonElement,
    private readonly view: () => TerminalView,
  ) {
    this.field = form.querySelector<HTMLInputElement>("#terminal_search_text")!
    this.result = form.querySelector<HTMLElement>("#terminal_search_result")!
    this.bind_events()
  }

  bind_events(): void {
    this.opener.addEventListener("click", () => this.toggle())
    this.form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.search("next")
    })
    this.form.querySelector("#terminal_search_previous")!.addEventListener("click", () => this.search("previous"))
    this.form.querySelector("#terminal_search_close")!.addEventListener("click", () => this.close())
    this.form.addEventListener("keydown", (event) => this.handle_key(event))
  }

  handle_key(event: KeyboardEvent): void {
    const isBack = event.key === "Enter" && event.shiftKey && event.target === this.field
    if (event.key !== "Escape" && !isBack) return
    event.preventDefault()
    if (isBack) this.search("previous")
    else this.close()
  }

  toggle(): void {
    if (this.form.hidden) this.open()
    else this.close()
  }

  open(): void {
    this.form.hidden = false
    this.opener.setAttribute("aria-expanded", "true")
    this.field.focus()
    this.field.select()
  }

  close(): void {
    this.form.hidden = true
    this.result.textContent = ""
    this.opener.setAttribute("aria-expanded", "false")
    this.view().endSearch()
    this.view().focus()
  }

  search(direction: SearchDirection): void {
    const isFound = this.view().search(this.field.value, direction)
    this.result.textContent = isFound || this.field.value === "" ? "" : _("Not found")
  }
}
