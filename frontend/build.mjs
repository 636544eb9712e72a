// Builds the browser side into flasknb/static/build: hashed, minified, pre-compressed, with manifest.json naming each file.
// `node build.mjs` once; `node build.mjs --watch` again at every change, without minifying and compressing.
import { mkdirSync, renameSync, watch } from "node:fs"
import { join, relative, sep } from "node:path"
import { compileCatalogues } from "./building/catalogues.mjs"
import { FRONTEND, LOCALES, OUT, hashed, put } from "./building/files.mjs"
import { compressAll, removeOthers } from "./building/folder.mjs"
import { buildRequire, copyCodeMirror, copyJQueryUi } from "./building/libraries.mjs"
import { copyMathJax } from "./building/mathjax.mjs"
import { firstScripts, reportSizes } from "./building/sizes.mjs"
import { PAGES, buildScripts, buildStyle, buildWorkers } from "./building/sources.mjs"

const FRESHNESS_STAMP = "inputs.sha256" // toolchain.py's: whether anything changed since the last build
const WATCHING = process.argv.includes("--watch")

/** Logical → hashed name of each language's catalogues, and `locales`, which lists the languages. */
function buildCatalogues() {
  const compiled = compileCatalogues(LOCALES)
  const names = { locales: [...new Set(compiled.map((one) => one.language))].join(" ") }
  for (const { name, content } of compiled) {
    names[name] = hashed(name, content)
    put(names[name], content)
  }
  return names
}

function namesOf(metafile) {
  return Object.keys(metafile.outputs).map((path) => relative(OUT, join(FRONTEND, path)))
}

async function build() {
  const begun_ms = Date.now()
  mkdirSync(OUT, { recursive: true })
  const workers = await buildWorkers(!WATCHING)
  const metafile = await buildScripts(workers, !WATCHING)
  const entryOutputs = {}
  const manifest = {}
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (!output.entryPoint) continue
    const page = output.entryPoint.match(/entry\/(\w+)\.ts$/)?.[1]
    if (!page) continue // a chunk of its own, made by import()
    entryOutputs[page] = path
    manifest[`${page}.js`] = relative(OUT, join(FRONTEND, path)).split(sep).join("/")
  }
  // Without them a browser sees only after the entry has come which further scripts it needs.
  for (const [page, entry] of Object.entries(entryOutputs)) {
    manifest[`${page}.js imports`] = firstScripts(metafile, entry).map((path) => relative(OUT, join(FRONTEND, path))).slice(1).join(" ")
  }
  for (const page of PAGES) manifest[`${page}.css`] = await buildStyle(page, !WATCHING)
  manifest["require.js"] = await buildRequire()
  Object.assign(manifest, buildCatalogues())
  const mathjax = copyMathJax()
  const codemirror = copyCodeMirror()
  manifest.mathjax = mathjax.folder
  manifest.codemirror = codemirror.folder
  const built = Object.entries(manifest).filter(([key, name]) => !name.endsWith("/") && !key.endsWith(" imports") && key !== "locales")
  const own = [...new Set([...built.map(([, name]) => name), ...namesOf(metafile), ...Object.values(workers)])]
  const files = [...own, ...mathjax.files, ...codemirror.files, ...copyJQueryUi()].filter((name) => !/\.(gz|br)$/.test(name))
  if (!WATCHING) compressAll(files)
  // last and in one step: a running server never reads of a file that is not there, nor half of this one
  put("manifest.json.new", `${JSON.stringify(manifest, null, 2)}\n`)
  renameSync(join(OUT, "manifest.json.new"), join(OUT, "manifest.json"))
  removeOthers([...files, "manifest.json", FRESHNESS_STAMP])
  console.log(`built ${files.length} files in ${((Date.now() - begun_ms) / 1000).toFixed(1)} s`)
  return WATCHING || reportSizes(manifest, metafile, entryOutputs)
}

const REBUILD_DELAY_MS = 100

async function rebuildOnChange() {
  let timer
  const again = () => {
    clearTimeout(timer)
    timer = setTimeout(() => build().catch((error) => console.error(error.message)), REBUILD_DELAY_MS)
  }
  watch(join(FRONTEND, "src"), { recursive: true }, again)
  watch(LOCALES, { recursive: true }, again)
}

try {
  const isWithinBudget = await build()
  if (WATCHING) await rebuildOnChange()
  else if (!isWithinBudget) process.exitCode = 1
} catch (error) {
  console.error(error.message)
  if (!WATCHING) process.exitCode = 1
  else await rebuildOnChange()
}
