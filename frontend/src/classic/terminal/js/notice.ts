/** The line above a terminal that says what is wrong, and what to do about it. */
import type { TerminalState } from "../../../kernel/terminal"
import { _ } from "../../../i18n/words"

export interface NoticeAction {
  label: string
  run: () => void
}

export interface NoticeChoices {
  retry: () => void
  restart: () => void
  log_in: () => void
  go_home: () => void
}

interface NoticeText {
  kind: "warning" | "info" | "danger"
  text: string
  actions: (choices: NoticeChoices) => NoticeAction[]
}

/** A connection that is back at once needs no words. */
export const PATIENCE_MS = 1_000

const NOTICES: Readonly<Partial<Record<TerminalState, NoticeText>>> = {
  waiting: {
    kind: "warning",
    text: _("The connection to the server was lost. What runs in the terminal goes on. Trying again…"),
    actions: (choices) => [{ label: _("Try now"), run: choices.retry }],
  },
  ended: {
    kind: "info",
    text: _("This terminal has ended."),
    actions: (choices) => [
      { label: _("Start it again"), run: choices.restart },
      { label: _("Dashboard"), run: choices.go_home },
    ],
  },
  refused: {
    kind: "danger",
    text: _("You are no longer logged in. What runs in the terminal goes on."),
    actions: (choices) => [{ label: _("Log in"), run: choices.log_in }],
  },
}

export class TerminalNotice {
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    readonly element: HTMLElement,
    private readonly choices: NoticeChoices,
  ) {}

  show_state(state: TerminalState): void {
    if (state === "connecting") return // what was said stays true until it is open
    clearTimeout(this.timer)
    const notice = NOTICES[state]
    if (!notice) this.element.hidden = true
    else if (state === "waiting") this.timer = setTimeout(() => this.tell(notice.kind, notice.text, notice.actions(this.choices)), PATIENCE_MS)
    else this.tell(notice.kind, notice.text, notice.actions(this.choices))
  }

  tell(kind: NoticeText["kind"], text: string, actions: readonly NoticeAction[]): void {
    this.element.className = `alert alert-${kind}`
    this.element.querySelector(".terminal_notice_text")!.textContent = text
    this.element.querySelector(".terminal_notice_actions")!.replaceChildren(...actions.map(makeButton))
    this.element.hidden = false
  }
}

function makeButton(action: NoticeAction): HTMLButtonElement {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "btn btn-default btn-sm"
  button.textContent = action.label
  button.addEventListener("click", () => action.run())
  return button
}
