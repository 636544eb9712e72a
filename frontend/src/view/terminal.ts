/** One terminal on the page: xterm with its addons, colours of the page, keys that are the page's own. */
import { FitAddon } from "@xterm/addon-fit"
import { SearchAddon } from "@xterm/addon-search"
import { Unicode11Addon } from "@xterm/addon-unicode11"
import { WebLinksAddon } from "@xterm/addon-web-links"
import { Terminal, type ITerminalOptions, type ITheme } from "@xterm/xterm"
import { DARK_COLOURS, LIGHT_COLOURS } from "./terminal_colours"

export interface TerminalViewDelegate {
  typed(text: string): void
  /** Height and width are those of the text area, in pixels. */
  resized(rows: number, columns: number, height: number, width: number): void
  titleChanged(title: string): void
  rang(): void
  /** Output of this length is on the screen. */
  shown(chars: number): void
  searchRequested(): void
  /** The reader wants to go on to the rest of the page. */
  leaveRequested(): void
}

export type SearchDirection = "next" | "previous"

const TITLE_CHARS = 200
const FIT_DELAY_MS = 50
const MATCHES = { matchBackground: "#f2cc60", activeMatchBackground: "#f08c2e", matchOverviewRuler: "#b46102", activeMatchColorOverviewRuler: "#b46102" }

export class TerminalView {
  readonly term: Terminal
  private readonly fitAddon = new FitAddon()
  private readonly searchAddon = new SearchAddon({ highlightLimit: 500 })
  private readonly resizes: ResizeObserver
  private readonly scheme = matchMedia("(prefers-color-scheme: dark)")
  private readonly choices = new MutationObserver(() => this.paint()) // of dark or light, by the visitor
  private readonly paint = () => void (this.term.options.theme = themeOf(this.element))
  private fitTimer: ReturnType<typeof setTimeout> | undefined

  constructor(
    readonly element: HTMLElement,
    private readonly delegate: TerminalViewDelegate,
    options: ITerminalOptions = {},
  ) {
    this.term = new Terminal({
      allowProposedApi: true, // unicode11 and the search's decorations
      cursorBlink: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      fontFamily: getComputedStyle(element).fontFamily,
      fontSize: 14,
      lineHeight: 1.15, // some fonts draw below what they measure, and an underscore would be cut off
      minimumContrastRatio: 4.5,
      scrollback: 10_000,
      linkHandler: { activate: (event, uri) => openLink(event, uri), allowNonHttpProtocols: false },
      theme: themeOf(element),
      ...options,
    })
    this.resizes = new ResizeObserver(() => this.fitSoon())
  }

  /** Put it on the page. */
  start(): void {
    const { term } = this
    for (const addon of [this.fitAddon, this.searchAddon, new WebLinksAddon(openLink), new Unicode11Addon()]) term.loadAddon(addon)
    term.unicode.activeVersion = "11"
    term.open(this.element)
    term.onData((text) => this.delegate.typed(text))
    term.onBinary((text) => this.delegate.typed(text))
    term.onTitleChange((title) => this.delegate.titleChanged(shownTitle(title)))
    term.onBell(() => this.delegate.rang())
    term.attachCustomKeyEventHandler((event) => this.isForTerminal(event))
    this.scheme.addEventListener("change", this.paint)
    this.choices.observe(document.documentElement, { attributeFilter: ["data-theme"] })
    this.resizes.observe(this.element)
    this.fit()
  }

  /** Take it off the page. */
  stop(): void {
    clearTimeout(this.fitTimer)
    this.resizes.disconnect()
    this.scheme.removeEventListener("change", this.paint)
    this.choices.disconnect()
    this.term.dispose()
  }

  write(text: string): void {
    this.term.write(text, () => this.delegate.shown(text.length))
  }

  /** An empty screen without a past. */
  reset(): void {
    this.term.reset()
  }

  focus(): void {
    this.term.focus()
  }

  /** As many rows and columns as there is room for. A hidden page keeps what it has. */
  fit(): void {
    if (this.element.clientHeight === 0 || this.element.clientWidth === 0) return
    this.fitAddon.fit()
    const { rows, cols } = this.term
    this.delegate.resized(rows, cols, this.element.clientHeight, this.element.clientWidth)
  }

  /** Show the next place with this text; whether there is one. */
  search(text: string, direction: SearchDirection): boolean {
    const options = { decorations: MATCHES }
    if (text === "") this.searchAddon.clearDecorations()
    return direction === "next" ? this.searchAddon.findNext(text, options) : this.searchAddon.findPrevious(text, options)
  }

  endSearch(): void {
    this.searchAddon.clearDecorations()
    this.term.clearSelection()
  }

  private fitSoon(): void {
    clearTimeout(this.fitTimer)
    this.fitTimer = setTimeout(() => this.fit(), FIT_DELAY_MS)
  }

  /** Whether xterm should look at a key. Control-Shift keys are the page's: programs in a terminal do not get them. */
  private isForTerminal(event: KeyboardEvent): boolean {
    if (event.type !== "keydown" || !event.ctrlKey || event.altKey || event.metaKey) return true
    const key = event.key.toLowerCase()
    if (key === "insert") return false // the browser's own copy
    if (!event.shiftKey) return true
    if (key === "v") return false // the browser's own paste
    const own: Record<string, () => void> = {
      c: () => this.copy(),
      f: () => this.delegate.searchRequested(),
      l: () => this.delegate.leaveRequested(),
    }
    if (!own[key]) return true
    event.preventDefault()
    own[key]()
    return false
  }

  private copy(): void {
    const text = this.term.getSelection()
    if (text === "") return
    // Only a secure page has a clipboard; elsewhere the old way works, because xterm answers the copy event.
    if (navigator.clipboard) void navigator.clipboard.writeText(text).catch(() => document.execCommand("copy"))
    else document.execCommand("copy")
  }
}

/** A link is opened with Control or Command, as a plain click selects text. The new page learns nothing of this one. */
function openLink(event: MouseEvent, uri: string): void {
  const isWeb = /^https?:\/\//i.test(uri)
  if (isWeb && (event.ctrlKey || event.metaKey)) window.open(uri, "_blank", "noopener,noreferrer")
}

/** What a program calls its window, as one short line of plain text. */
export function shownTitle(title: string): string {
  return title.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, " ").trim().slice(0, TITLE_CHARS)
}

/** The colours of the page around it; the sixteen of programs come in a light and a dark set. */
function themeOf(element: HTMLElement): ITheme {
  const style = getComputedStyle(element)
  const isDark = brightness(style.backgroundColor) < 128
  const cursor = { cursor: style.color, cursorAccent: style.backgroundColor }
  return { background: style.backgroundColor, foreground: style.color, ...cursor, ...(isDark ? DARK_COLOURS : LIGHT_COLOURS) }
}

function brightness(colour: string): number {
  const [red = 255, green = 255, blue = 255] = (colour.match(/[\d.]+/g) ?? []).map(Number)
  return (red * 299 + green * 587 + blue * 114) / 1000
}
