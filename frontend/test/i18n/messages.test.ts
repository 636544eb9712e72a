import { expect, test } from "vitest"
import { Messages } from "../../src/i18n/messages"
import { pluralRule } from "../../src/i18n/plurals"
import { sprintf } from "../../src/i18n/sprintf"
import { _, counted, messages, pageLocale } from "../../src/i18n/words"

const GERMAN = {
  "": { domain: "nbjs", lang: "de", plural_forms: "nplurals=2; plural=(n != 1);" },
  Cancel: ["Abbrechen"],
  "%d cell": ["%d Zelle", "%d Zellen"],
  "button\u0004View": ["Ansehen"],
  View: ["Ansicht"],
}
const german = (): Messages => new Messages({ domain: "nbjs", locale_data: { nbjs: GERMAN } })

test("a message is looked up in its domain, and is its own text where it is not known", () => {
  const words = german()
  expect([words.gettext("Cancel"), words.gettext("Nowhere"), words.dgettext("other", "Cancel")]).toEqual(["Abbrechen", "Nowhere", "Cancel"])
  expect([words.gettext("View"), words.pgettext("button", "View")]).toEqual(["Ansicht", "Ansehen"])
  expect(words.gettext("constructor")).toBe("constructor")
})

test("the chain of Jed fetches with values", () => {
  const words = german()
  expect(words.translate("%d cell").ifPlural(3, "%d cells").fetch(3)).toBe("3 Zellen")
  expect(words.translate("%d row").onDomain("grid").ifPlural(2, "%d rows").fetch([2])).toBe("2 rows")
  expect(words.translate("View").withContext("button").fetch()).toBe("Ansehen")
})

test("an extension adds a catalogue of its own", () => {
  const words = german()
  words.add({ domain: "grid", locale_data: { grid: { "": { lang: "pl", plural_forms: "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);" }, "%d row": ["%d wiersz", "%d wiersze", "%d wierszy"] } } })
  expect([1, 2, 5, 12, 22].map((n) => words.dngettext("grid", "%d row", "%d rows", n))).toEqual(["%d wiersz", "%d wiersze", "%d wierszy", "%d wierszy", "%d wiersze"])
  expect(words.language("grid")).toBe("pl")
  expect(words.gettext("Cancel")).toBe("Abbrechen")
})

test.each([
  ["nplurals=1; plural=0;", [0, 0, 0]],
  ["nplurals=2; plural=(n > 1);", [0, 0, 1]],
  ["nplurals=2; plural=n!=1", [1, 0, 1]],
  ["nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : 5;", [0, 1, 2]],
  [undefined, [1, 0, 1]],
  ["nplurals=2; plural=alert(1);", [1, 0, 1]],
  ["nplurals=2; plural=((((n;", [1, 0, 1]],
])("the plural rule %s", (header, forms) => {
  expect([0, 1, 2].map(pluralRule(header))).toEqual(forms)
})

test("placeholders by order, position and name", () => {
  expect(sprintf("%s of %d, 100%%", "a", 2.7)).toBe("a of 2, 100%")
  expect(sprintf("%2$s before %1$s", "a", "b")).toBe("b before a")
  expect(sprintf("%(who)s has %(share).1f", { who: "A", share: 0.25 })).toBe("A has 0.3")
  expect(sprintf("%s and %s", "one")).toBe("one and ")
})

test("without a catalogue the page speaks English, with the browser's own dates", () => {
  expect([_("Undo: %s", "100% of it"), _("100%"), counted("%d cell", "%d cells", 1), counted("%d cell", "%d cells", 0)]).toEqual(["Undo: 100% of it", "100%", "1 cell", "0 cells"])
  expect(pageLocale(["fr-FR"])).toBeUndefined()
  expect(messages.language()).toBe("en")
})
