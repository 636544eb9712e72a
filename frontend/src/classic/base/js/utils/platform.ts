/** What browser and platform this is. Only keyboard labels and file pickers may depend on it. */

export type Platform = "MacOS" | "Windows" | "Linux" | "UNIX" | "None"

function findPlatform(): Platform {
  const agent = navigator.userAgent
  if (/Mac OS X|Macintosh|iPhone|iPad/.test(agent)) return "MacOS"
  if (/Windows/.test(agent)) return "Windows"
  if (/Linux|Android/.test(agent)) return "Linux"
  return /X11/.test(agent) ? "UNIX" : "None"
}

function findBrowser(): [string, string] {
  const agent = navigator.userAgent
  const firefox = /Firefox\/(\S+)/.exec(agent)
  if (firefox) return ["Firefox", firefox[1] ?? ""]
  const chrome = /Chrome\/(\S+)/.exec(agent)
  if (chrome) return ["Chrome", chrome[1] ?? ""]
  const safari = /Version\/(\S+).*Safari/.exec(agent)
  return safari ? ["Safari", safari[1] ?? ""] : [navigator.appName, navigator.appVersion]
}

export const platform: Platform = findPlatform()

/** `[name, version]`. */
export const browser: [string, string] = findBrowser()
