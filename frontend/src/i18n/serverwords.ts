/** Sentences of the server that come with a kernel's messages: finished, in English, and told apart by what they are made of. */
import { _, mark, pageLanguage } from "./words"

/** A longer text is what a program wrote. */
const MOST_CHARS = 2000
/** Of a number, or an option's name. */
const MOST_CHARS_OF_VALUE = 60
/* Name of the error that a cell gets whose kernel died. */
const DEAD_KERNEL = "DeadKernelError"

/* As the server has them; a test compares. What may follow any of them stands first, then those that say most. */
export const SENTENCES = [
  mark("%s Restart it to run this."),
  mark("The kernel was ended by the system because memory ran out (signal SIGKILL)."),
  mark("The kernel died behind the gateway, and could not be restarted there."),
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

/** What the server writes among the outputs of a cell, where no program would; a stream may hold it anywhere. */
const NOTICES = [
  mark(
    "IOPub %s rate exceeded.\nOutput of this cell is left out until less of it comes; the cell itself goes on.\n" +
      "The limit is an option of the server: --ServerApp.%s\n\nCurrent values:\n",
  ),
  mark("[The gateway could not be reached for %s s; output of that time may be missing.]\n"),
  mark("[flasknb] The beginning of these outputs is no longer kept.\n"),
  mark("\n[flasknb] Output is left out here: it is no longer kept.\n"),
  mark("[flasknb] These outputs are too large to be restored.\n"),
] as const
const BEGINNINGS = ["IOPub ", "[flasknb] ", "[The gateway "] as const

/** `text` in the language of the page, where it is a sentence of the server; else as it came. */
export function saidByServer(text: string): string {
  if (pageLanguage() === "en" || text.length > MOST_CHARS) return text
  for (const sentence of SENTENCES) {
    const values = valuesIn(sentence, text)
    if (values) return _(sentence, ...values.map(saidByServer))
  }
  return text
}

/** What a stream shows of `text`: the server's notices in the language of the page, everything else as the program wrote it. */
export function streamSaidByServer(text: string): string {
  if (pageLanguage() === "en" || !BEGINNINGS.some((beginning) => text.includes(beginning))) return text
  return NOTICES.reduce((said, notice) => said.replace(patternOf(notice), (_whole, ...found) => _(notice, ...valuesOf(notice, found))), text)
}

/** What an error shows in place of its traceback where the server wrote it for a kernel that died; else null. */
export function deathSaidByServer(error: { ename?: unknown; evalue?: unknown; traceback?: unknown }): string | null {
  const { ename, evalue, traceback } = error
  const isServers = ename === DEAD_KERNEL && typeof evalue === "string" && Array.isArray(traceback) && traceback.length === 1 && traceback[0] === evalue
  return isServers ? saidByServer(evalue) : null
}

/* A place holds one word, so that no text takes more than linear time. */
function patternOf(notice: string): RegExp {
  const parts = notice.split("%s").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
  return new RegExp(parts.join(`(\\S{1,${MOST_CHARS_OF_VALUE}})`), "g")
}

const valuesOf = (notice: string, found: unknown[]): unknown[] => found.slice(0, notice.split("%s").length - 1)

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
