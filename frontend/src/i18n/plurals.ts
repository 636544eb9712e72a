/** The plural rule in a catalogue's head, `nplurals=2; plural=(n != 1);`: a small part of C, read without `eval`. */

/** Which of a message's forms speaks of `n` things. */
export type PluralRule = (n: number) => number

const TOKEN = /\s*(\d+|n|\|\||&&|[=!<>]=|[-?:<>+*/%!()])/y

/* Weakest first. Comparisons give 0 and 1, as in C. */
const LEVELS: readonly Readonly<Record<string, (a: number, b: number) => number>>[] = [
  { "||": (a, b) => Number(a || b ? 1 : 0) },
  { "&&": (a, b) => Number(a && b ? 1 : 0) },
  { "==": (a, b) => Number(a === b), "!=": (a, b) => Number(a !== b) },
  { "<": (a, b) => Number(a < b), ">": (a, b) => Number(a > b), "<=": (a, b) => Number(a <= b), ">=": (a, b) => Number(a >= b) },
  { "+": (a, b) => a + b, "-": (a, b) => a - b },
  { "*": (a, b) => a * b, "/": (a, b) => Math.trunc(a / b), "%": (a, b) => a % b },
]

/** `one` for a single thing, `other` for any other number: English, and what a broken rule falls back to. */
export const englishPlural: PluralRule = (n) => (n === 1 ? 0 : 1)

function tokensOf(expression: string): string[] {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  for (let at = 0; expression.slice(at).trim(); at = TOKEN.lastIndex) {
    const token = TOKEN.exec(expression)?.[1]
    if (token === undefined) throw new SyntaxError(`“${expression.slice(at)}” is no plural rule`)
    tokens.push(token)
  }
  return tokens
}

class Parser {
  private at = 0

  constructor(private readonly tokens: readonly string[]) {}

  whole(): PluralRule {
    const rule = this.choice()
    if (this.at !== this.tokens.length) throw new SyntaxError("more than a plural rule")
    return rule
  }

  private takes(token: string): boolean {
    if (this.tokens[this.at] !== token) return false
    this.at++
    return true
  }

  private choice(): PluralRule {
    const test = this.level(0)
    if (!this.takes("?")) return test
    const yes = this.choice()
    if (!this.takes(":")) throw new SyntaxError("“?” without “:”")
    const no = this.choice()
    return (n) => (test(n) ? yes(n) : no(n))
  }

  private level(depth: number): PluralRule {
    const operators = LEVELS[depth]
    if (!operators) return this.single()
    let left = this.level(depth + 1)
    for (;;) {
      const act = operators[this.tokens[this.at] ?? ""]
      if (!act) return left
      this.at++
      const [first, second] = [left, this.level(depth + 1)]
      left = (n) => act(first(n), second(n))
    }
  }

  private single(): PluralRule {
    const token = this.tokens[this.at++]
    if (token === "n") return (n) => n
    if (token === "!") {
      const negated = this.single()
      return (n) => Number(!negated(n))
    }
    if (token === "(") {
      const inner = this.choice()
      if (this.takes(")")) return inner
    }
    if (token !== undefined && /^\d/.test(token)) return () => Number(token)
    throw new SyntaxError("not a plural rule")
  }
}

/** The rule of a catalogue's `plural_forms`. One that cannot be read counts as English. */
export function pluralRule(header: string | undefined): PluralRule {
  const expression = /plural\s*=\s*([^;]+)/.exec((header ?? "").replace(/nplurals\s*=\s*\d+\s*;?/, ""))?.[1]
  if (!expression) return englishPlural
  try {
    return new Parser(tokensOf(expression)).whole()
  } catch {
    return englishPlural
  }
}
