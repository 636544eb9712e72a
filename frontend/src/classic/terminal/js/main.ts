/** `terminal/js/main`: builds the terminal page. */
import type { ITerminalOptions } from "@xterm/xterm"
import { install_bootstrap } from "../../bootstrap/install"
import { LoginWidget } from "../../auth/js/loginwidget"
import { Jupyter } from "../../base/js/namespace"
import { Page } from "../../base/js/page"
import * as utils from "../../base/js/utils"
import type { Obstacle } from "../../../kernel/terminal"
import { RequestFailed, requestJson } from "../../../page/requests"
import { ConfigSection } from "../../services/config"
import { TerminalNotice } from "./notice"
import { SearchBar } from "./searchbar"
import { make_terminal, type MadeTerminal } from "./terminado"
import { _ } from "../../../i18n/words"

const BELL_MS = 300

/** Build the page between the user's own modules. */
export function start(): Promise<void> {
  return utils.between_user_modules(main)
}

export async function main(): Promise<void> {
  install_bootstrap()
  const base_url = utils.get_body_data("baseUrl") ?? "/"
  const ws_path = utils.get_body_data("wsPath") ?? ""
  const config = new ConfigSection("terminal", { base_url })
  const common_config = new ConfigSection("common", { base_url })
  const page = new Page("div#header", "div#site")
  new LoginWidget("#login_widget", { base_url })
  page.show()
  await config.load() // the look of the terminal is in it
  const terminal = new TerminalPage(base_url, ws_path, config).terminal
  Object.assign(window, { terminal })
  Object.assign(Jupyter, { page, terminal })
  void utils.load_extensions_from_config(config)
  void utils.load_extensions_from_config(common_config)
  void common_config.load()
}

/** The terminal and what stands around it. */
export class TerminalPage {
  readonly terminal: MadeTerminal
  readonly name: string
  private readonly notice: TerminalNotice
  private readonly container = document.getElementById("terminado-container")!
  private readonly plain_title = document.title

  constructor(
    private readonly base_url: string,
    ws_path: string,
    private readonly config: ConfigSection,
  ) {
    this.name = ws_path.split("/").pop() ?? ""
    this.notice = new TerminalNotice(document.getElementById("terminal_notice")!, {
      retry: () => this.terminal.connection.open(),
      restart: () => void this.restart(),
      log_in: () => location.assign(`${utils.url_path_join(this.base_url, "login")}?next=${encodeURIComponent(location.pathname)}`),
      go_home: () => location.assign(utils.url_path_join(this.base_url, "tree")),
    })
    this.terminal = make_terminal(this.container, websocketUrl(base_url, ws_path), {
      term: this.term_options(),
      find_obstacle: () => this.find_obstacle(),
      state_changed: (state) => this.notice.show_state(state),
      title_changed: (title) => this.show_title(title),
      rang: () => this.ring(),
      search_requested: () => search.open(),
      leave_requested: () => document.getElementById("terminal_search")!.focus(),
    })
    const search = new SearchBar(
      document.querySelector<HTMLFormElement>("#terminal_search_bar")!,
      document.querySelector<HTMLButtonElement>("#terminal_search")!,
      () => this.terminal.view,
    )
    this.bind_events()
    this.terminal.term.textarea?.setAttribute("aria-describedby", "terminal_hint")
    this.terminal.view.focus()
  }

  bind_events(): void {
    document.getElementById("terminal_new")!.addEventListener("click", () => void this.open_another())
    const reader = document.getElementById("terminal_screen_reader")!
    reader.setAttribute("aria-pressed", String(this.terminal.term.options.screenReaderMode === true))
    reader.addEventListener("click", () => this.toggle_screen_reader(reader))
  }

  /** What the user's configuration section says about xterm: `{"Terminal": {"fontSize": 16}}`. */
  term_options(): ITerminalOptions {
    return (this.config.data.Terminal ?? {}) as ITerminalOptions
  }

  show_title(title: string): void {
    document.title = title || this.plain_title
    document.getElementById("terminal_title")!.textContent = title
  }

  ring(): void {
    this.container.classList.add("bell")
    setTimeout(() => this.container.classList.remove("bell"), BELL_MS)
  }

  toggle_screen_reader(button: HTMLElement): void {
    const isOn = this.terminal.term.options.screenReaderMode !== true
    this.terminal.term.options.screenReaderMode = isOn
    button.setAttribute("aria-pressed", String(isOn))
    this.config.update({ Terminal: { screenReaderMode: isOn } }).catch(() => console.warn("The choice is not remembered: the server does not answer."))
  }

  async find_obstacle(): Promise<Obstacle> {
    try {
      await requestJson("GET", utils.url_path_join(this.base_url, "api/terminals", this.name))
    } catch (error) {
      const status = error instanceof RequestFailed ? error.status : 0
      if (status === 404) return "gone"
      if (status === 401 || status === 403) return "refused"
    }
    return "none" // also when the server cannot be asked: the next attempt may reach it
  }

  /** The same name again, with a new shell. */
  async restart(): Promise<void> {
    try {
      await requestJson("POST", utils.url_path_join(this.base_url, "api/terminals"), { name: this.name })
      this.terminal.connection.open()
      this.terminal.view.focus()
    } catch (error) {
      this.tell_failure(error, () => void this.restart())
    }
  }

  async open_another(): Promise<void> {
    const tab = window.open(undefined, Jupyter._target) // within the click, or it would be blocked
    try {
      const model = (await requestJson("POST", utils.url_path_join(this.base_url, "api/terminals"), {})) as { name: string }
      const url = utils.url_path_join(this.base_url, "terminals", model.name)
      if (tab) tab.location.href = url
      else location.assign(url)
    } catch (error) {
      tab?.close()
      this.tell_failure(error, () => void this.open_another())
    }
  }

  tell_failure(error: unknown, again: () => void): void {
    const text = error instanceof Error ? error.message : String(error)
    this.notice.tell("danger", _("No terminal was started: %s", text), [{ label: _("Try again"), run: again }])
  }
}

function websocketUrl(base_url: string, ws_path: string): string {
  const ws_url = utils.get_body_data("wsUrl") || location.origin
  return utils.url_path_join(ws_url.replace(/^http/, "ws"), base_url, ws_path)
}
