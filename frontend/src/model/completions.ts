/** What kernels tell about their completions beside the words. Pure. */

const KINDS_KEY = "_jupyter_types_experimental"

interface Described {
  text: string
  type: string
}

function isDescribed(entry: unknown): entry is Described {
  const { text, type } = (entry ?? {}) as Partial<Described>
  return typeof text === "string" && typeof type === "string"
}

/** The kind of each completion (function, module, keyword, …) that the reply's metadata names; `<unknown>` is none. */
export function kindsOf(metadata: Record<string, unknown> | undefined): Map<string, string> {
  const entries = metadata?.[KINDS_KEY]
  if (!Array.isArray(entries)) return new Map()
  const described = entries.filter(isDescribed).filter(({ type }) => type !== "" && !type.startsWith("<"))
  return new Map(described.map(({ text, type }) => [text, type]))
}
