// Compiles flasknb/locale/<language>/LC_MESSAGES/*.po into static/build/locale: nbui.mo for the templates, notebook.json for
// the server's sentences, nbjs.js for the pages' scripts. A page loads nbjs.js of its own language, and none for English.
import { existsSync, readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import gettext from "gettext-parser"

const SCRIPTS = "nbjs"

/** Message → forms, without those that nobody has translated or that changed since. Context and message are joined by U+0004. */
function translated(po) {
  const found = {}
  for (const [context, messages] of Object.entries(po.translations)) {
    for (const [text, { msgstr, comments }] of Object.entries(messages)) {
      const isFuzzy = /\bfuzzy\b/.test(comments?.flag ?? "")
      if (text && !isFuzzy && msgstr.every(Boolean)) found[context ? `${context}\u0004${text}` : text] = msgstr
    }
  }
  return found
}

function asScript(po, language) {
  const head = { domain: SCRIPTS, lang: language, plural_forms: po.headers["Plural-Forms"] }
  const catalogue = { domain: SCRIPTS, locale_data: { [SCRIPTS]: { "": head, ...translated(po) } } }
  return `document.nbjs_translations=${JSON.stringify(catalogue)};\n`
}

function asSentences(po) {
  return JSON.stringify(Object.fromEntries(Object.entries(translated(po)).map(([text, [said]]) => [text, said])))
}

const FILES = {
  nbui: ["nbui.mo", (po) => gettext.mo.compile({ ...po, translations: po.translations })],
  notebook: ["notebook.json", asSentences],
  nbjs: ["nbjs.js", asScript],
}

/** Every catalogue below `root` as `{language, name: "locale/de/nbjs.js", content}`. */
export function compileCatalogues(root) {
  if (!existsSync(root)) return []
  const languages = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return languages.sort().flatMap((language) =>
    Object.entries(FILES).map(([domain, [file, write]]) => {
      const po = gettext.po.parse(readFileSync(join(root, language, "LC_MESSAGES", `${domain}.po`)))
      return { language, name: `locale/${language}/${file}`, content: write(po, language) }
    }),
  )
}
