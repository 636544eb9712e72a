import { afterEach, describe, expect, test } from "vitest"
import { deathSaidByServer, saidByServer, SENTENCES, streamSaidByServer } from "../../src/i18n/serverwords"
import { messages } from "../../src/i18n/words"

const GERMAN = {
  "": { domain: "nbjs", lang: "de", plural_forms: "nplurals=2; plural=(n != 1);" },
  "The kernel was ended by signal %s.": ["Der Kernel wurde durch Signal %s beendet."],
  "%s Restart it to run this.": ["%s Neu starten, um dies auszuführen."],
  "[The gateway could not be reached for %s s; output of that time may be missing.]\n": ["[Gateway %s s weg.]\n"],
  "\n[flasknb] Output is left out here: it is no longer kept.\n": ["\n[flasknb] Hier fehlt etwas.\n"],
  "The kernel did not answer within %s s.%s": ["Keine Antwort nach %1$s s.%2$s"],
}
const LEFT_OUT = "\n[flasknb] Output is left out here: it is no longer kept.\n"
const english = messages.options.locale_data["nbjs"]!

describe("a sentence of the server", () => {
  const inGerman = (text: string): string => {
    messages.options.locale_data["nbjs"] = GERMAN
    return saidByServer(text)
  }
  afterEach(() => {
    messages.options.locale_data["nbjs"] = english
  })

  test("is said in the language of the page, with its values", () => {
    expect(inGerman("The kernel was ended by signal SIGKILL.")).toBe("Der Kernel wurde durch Signal SIGKILL beendet.")
  })
  test("may hold another one", () => {
    expect(inGerman("The kernel was ended by signal SIGKILL. Restart it to run this.")).toBe(
      "Der Kernel wurde durch Signal SIGKILL beendet. Neu starten, um dies auszuführen.",
    )
  })
  test("may end with what a program said", () => {
    expect(inGerman("The kernel did not answer within 60 s. The end of its log:\n100 % %s")).toBe(
      "Keine Antwort nach 60 s. The end of its log:\n100 % %s",
    )
  })
  test("stays as it came in an English page, and where it is none", () => {
    expect(saidByServer("The kernel was ended by signal SIGKILL.")).toBe("The kernel was ended by signal SIGKILL.")
    expect(inGerman("The kernel was ended by a signal")).toBe("The kernel was ended by a signal")
    expect(inGerman("")).toBe("")
  })
  test("that says more is looked for first", () => {
    const lengths = SENTENCES.slice(1).map((sentence) => sentence.replaceAll("%s", "").length)
    expect(lengths).toEqual([...lengths].sort((a, b) => b - a))
  })
})

describe("what the server writes among outputs", () => {
  const inGerman = <Said>(say: () => Said): Said => {
    messages.options.locale_data["nbjs"] = GERMAN
    try {
      return say()
    } finally {
      messages.options.locale_data["nbjs"] = english
    }
  }

  test("is said in the language of the page wherever it stands in a stream", () => {
    const text = `warned${LEFT_OUT}[The gateway could not be reached for 12 s; output of that time may be missing.]\nmore`
    expect(inGerman(() => streamSaidByServer(text))).toBe("warned\n[flasknb] Hier fehlt etwas.\n[Gateway 12 s weg.]\nmore")
    expect(streamSaidByServer(text)).toBe(text)
  })

  test("is not what a program might print as well", () => {
    for (const text of ["The kernel was ended by signal SIGKILL.", "The kernel was ended by signal SIGKILL.\n", "[flasknb] hello\n"]) {
      expect(inGerman(() => streamSaidByServer(text))).toBe(text)
    }
  })

  test("is found in linear time", () => {
    const hostile = "[The gateway could not be reached for ".repeat(20_000)
    const began_ms = performance.now()
    expect(inGerman(() => streamSaidByServer(hostile))).toBe(hostile)
    expect(performance.now() - began_ms).toBeLessThan(1_000)
  })

  test("is an error of a dead kernel only where its traceback is that sentence", () => {
    const evalue = "The kernel was ended by signal SIGKILL."
    const dead = { ename: "DeadKernelError", evalue, traceback: [evalue] }
    expect(inGerman(() => deathSaidByServer(dead))).toBe("Der Kernel wurde durch Signal SIGKILL beendet.")
    expect(dead).toEqual({ ename: "DeadKernelError", evalue, traceback: [evalue] })
    expect(inGerman(() => deathSaidByServer({ ...dead, traceback: ["File …", "raise"] }))).toBeNull()
    expect(inGerman(() => deathSaidByServer({ ...dead, ename: "RuntimeError" }))).toBeNull()
  })
})
