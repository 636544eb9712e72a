import { afterEach, describe, expect, test } from "vitest"
import { saidByServer, SENTENCES } from "../../src/i18n/serverwords"
import { messages } from "../../src/i18n/words"

const GERMAN = {
  "": { domain: "nbjs", lang: "de", plural_forms: "nplurals=2; plural=(n != 1);" },
  "The kernel was ended by signal %s.": ["Der Kernel wurde durch Signal %s beendet."],
  "%s Restart it to run this.": ["%s Neu starten, um dies auszuführen."],
  "The kernel did not answer within %s s.%s": ["Keine Antwort nach %1$s s.%2$s"],
}
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
