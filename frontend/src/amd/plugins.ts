/** The loader plugins `text!` and `json!`: files beside an extension, as text or as the value of their JSON. */

type ToUrl = { toUrl(name: string): string }

interface OnLoad {
  (value: unknown): void
  error(reason: unknown): void
}

const FILE_TIMEOUT_MS = 30_000

async function read(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(FILE_TIMEOUT_MS) })
  if (!answer.ok) throw new Error(`${url} could not be read: ${answer.status} ${answer.statusText}`)
  return answer.text()
}

function plugin(parse: (content: string) => unknown): object {
  return {
    load(name: string, require: ToUrl, onload: OnLoad): void {
      const path = name.replace(/!(strip|bust)$/, "")
      read(require.toUrl(path)).then(parse).then(onload, (reason: unknown) => onload.error(reason))
    },
  }
}

export const PLUGINS = {
  text: plugin((content) => content),
  json: plugin((content) => JSON.parse(content) as unknown),
} as const
