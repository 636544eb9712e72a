/** The sixteen colours of programs in a terminal, readable on the page's light and dark background. */
import type { ITheme } from "@xterm/xterm"

export const LIGHT_COLOURS: ITheme = {
  selectionBackground: "#c7d9f5",
  black: "#1c1c1c",
  red: "#b71c1c",
  green: "#2e6b30",
  yellow: "#7a5900",
  blue: "#1a4fb4",
  magenta: "#8e24aa",
  cyan: "#006d77",
  white: "#6b6b6b",
  brightBlack: "#5c5c5c",
  brightRed: "#d32f2f",
  brightGreen: "#33803a",
  brightYellow: "#946200",
  brightBlue: "#1976d2",
  brightMagenta: "#a02cc0",
  brightCyan: "#00808c",
  brightWhite: "#404040",
}

export const DARK_COLOURS: ITheme = {
  selectionBackground: "#2b4a6f",
  black: "#3c4245",
  red: "#ff7b72",
  green: "#7ee787",
  yellow: "#e3b341",
  blue: "#79b8ff",
  magenta: "#d2a8ff",
  cyan: "#76e3ea",
  white: "#c9d1d9",
  brightBlack: "#8b949e",
  brightRed: "#ffa198",
  brightGreen: "#a5f0ac",
  brightYellow: "#f2cc60",
  brightBlue: "#a5d6ff",
  brightMagenta: "#e2c5ff",
  brightCyan: "#b3f0ff",
  brightWhite: "#ffffff",
}
