/** `terminal/js/terminado`: an xterm in an element, connected to a terminal of the server. */
import type { ITerminalOptions, Terminal } from "@xterm/xterm"
import { TerminalConnection, type Obstacle, type TerminalState } from "../../../kernel/terminal"
import { TerminalView, type TerminalViewDelegate } from "../../../view/terminal"

export interface TerminalOptions {
  term?: ITerminalOptions
  /** What keeps the websocket from opening. Without it every loss is followed by another attempt. */
  find_obstacle?: () => Promise<Obstacle>
  state_changed?: (state: TerminalState) => void
  title_changed?: (title: string) => void
  rang?: () => void
  search_requested?: () => void
  leave_requested?: () => void
}

export interface MadeTerminal {
  /** The websocket of this moment: after a loss it is another one, meanwhile null. */
  readonly socket: WebSocket | null
  readonly term: Terminal
  readonly view: TerminalView
  readonly connection: TerminalConnection
}

const CLOSED = "\r\n\r\n\x1b[3m[CLOSED]\x1b[0m\r\n"

/** Show the terminal at `ws_url` in `element`. */
export function make_terminal(element: HTMLElement, ws_url: string, options: TerminalOptions = {}): MadeTerminal {
  const connection: TerminalConnection = new TerminalConnection(
    ws_url,
    {
      beginsAnew: () => view.reset(),
      outputReceived: (text) => view.write(text),
      stateChanged: (state) => {
        if (state === "ended") view.write(CLOSED)
        options.state_changed?.(state)
      },
      findObstacle: () => options.find_obstacle?.() ?? Promise.resolve("none"),
    },
    (url) => new WebSocket(url),
  )
  const view: TerminalView = new TerminalView(element, viewDelegate(connection, options), options.term)
  view.start()
  connection.open()
  return {
    get socket() {
      return connection.socket
    },
    term: view.term,
    view,
    connection,
  }
}

function viewDelegate(connection: TerminalConnection, options: TerminalOptions): TerminalViewDelegate {
  return {
    typed: (text) => connection.type(text),
    resized: (rows, columns, height, width) => connection.resize(rows, columns, height, width),
    shown: (chars) => connection.shown(chars),
    titleChanged: (title) => options.title_changed?.(title),
    rang: () => options.rang?.(),
    searchRequested: () => options.search_requested?.(),
    leaveRequested: () => options.leave_requested?.(),
  }
}
