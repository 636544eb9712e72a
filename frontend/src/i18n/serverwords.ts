/** Sentences of the server that come with a kernel's messages: finished, in English, and told apart by what they are made of. */
import { _, mark, pageLanguage } from "./words"

/** A longer text is what a program wrote. */
const MOST_CHARS = 2000
/* Name of the error that a cell gets whose kernel died. */
const DEAD_KERNEL = "DeadKernelError"

/* As the server has them; a test compares. What may follow any of them stands first, then those that say most. */
export const SENTENCES = [
  mark("%s Restart it to run this."),
  mark(
    "IOPub %s rate exceeded.\nOutput of this cell is left out until less of it comes; the cell itself goes on.\n" +
      "The limit is an option of the server: --ServerApp.%s\n\nCurrent values:\n%s",
  ),
  mark("[The gateway could not be reached for %s s; output of that time may be missing.]\n"),
  mark("The kernel was ended by the system because memory ran out (signal SIGKILL)."),
  mark("The kernel died behind the gateway, and could not be restarted there."),
  mark("[flasknb] The beginning of these outputs is no longer kept.\n"),
  mark("\n[flasknb] Output is left out here: it is no longer kept.\n"),
  mark("[flasknb] These outputs are too large to be restored.\n"),
  mark("The kernel was shut down after %s s without activity."),
  mark("The kernel was ended by signal %s while it started.%s"),
  mark("The kernel ended with status %s while it started.%s"),
  mark("The kernel's connection file is gone."),
  mark("The kernel did not answer within %s s.%s"),
  mark("The kernel could not be started: %s"),
  mark("The kernel was ended by signal %s."),
  mark("The kernel ended with status %s."),
  mark("No connection to the gateway: %s"),
  mark("The kernel was shut down."),
  mark("The kernel was restarted."),
  mark("The kernel has ended."),
  mark("The kernel ended."),
] as const

/** `text` in the language of the page, where it is a sentence of the server; else as it came. */
export function saidByServer(text: string): string {
  if (pageLanguage() === "en" || text.length > MOST_CHARS) return text
  for (const sentence of SENTENCES) {
    const values = valuesIn(sentence, text)
    if (values) return _(sentence, ...values.map(saidByServer))
  }
  return text
}

/** The content of an output, its texts in the language of the page where the server wrote them in the kernel's place. */
export function outputSaidByServer<Content extends object>(content: Content): Content {
  if (pageLanguage() === "en") return content
  const { ename, evalue, name, text } = content as { ename?: unknown; evalue?: unknown; name?: unknown; text?: unknown }
  if (ename === DEAD_KERNEL && typeof evalue === "string") {
    const said = saidByServer(evalue)
    return { ...content, evalue: said, traceback: [said] }
  }
  return name === "stderr" && typeof text === "string" ? { ...content, text: saidByServer(text) } : content
}

/** What stands in the places of `%s`, or null where `text` is not made of `sentence`. Takes linear time. */
function valuesIn(sentence: string, text: string): string[] | null {
  const [first = "", ...others] = sentence.split("%s")
  const last = others.pop()
  if (last === undefined) return text === first ? [] : null
  const end = text.length - last.length
  if (!text.startsWith(first) || !text.endsWith(last) || end < first.length) return null
  const values: string[] = []
  let at = first.length
  for (const between of others) {
    const found = text.indexOf(between, at)
    if (found < 0 || found + between.length > end) return null
    values.push(text.slice(at, found))
    at = found + between.length
  }
  return [...values, text.slice(at, end)]
}
