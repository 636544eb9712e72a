// Builds the browser side into flasknb/static/build: hashed, minified, pre-compressed, with manifest.json naming each file.
// `node build.mjs` once; `node build.mjs --watch` again at every change, without minifying and compressing.
import { createHash } from "node:crypto"
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, watch, writeFileSync } from "node:fs"
import { dirname, join, relative, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"
import * as esbuild from "esbuild"
import { compileCatalogues } from "./catalogues.mjs"

const HERE = dirname(fileURLToPath(import.meta.url))
const OUT = join(HERE, "..", "flasknb", "static", "build")
const MODULES = join(HERE, "node_modules")
const LOCALES = join(HERE, "..", "flasknb", "locale")
const PAGES = ["notebook", "tree", "edit", "terminal", "login"]
const WORKERS = ["searcher"]
const BUDGET_BYTES = 400_000 // script of a first page, as it travels
const BUDGET_PAGES = ["notebook", "tree"]
const FRESHNESS_STAMP = "inputs.sha256" // toolchain.py's: whether anything changed since the last build
const WATCHING = process.argv.includes("--watch")

const SHELL_STYLES = ["theme", "bootstrap", "icons", "page", "menus", "dialogs"]
const PAGE_STYLES = {
  notebook: [
    "codemirror", "cells", "execution", "rendered", "celltoolbars", "hints", "sections", "merging", "outputs", "pager",
    "notebook",
  ],
  tree: ["tree"],
  edit: ["codemirror", "edit"],
  terminal: ["terminal"],
  login: ["login"],
}

const TEXT = /\.(js|mjs|css|json|svg|txt|map)$/

function packageVersion(name) {
  return JSON.parse(readFileSync(join(MODULES, name, "package.json"), "utf8")).version
}

function put(name, content) {
  const path = join(OUT, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}

function hashed(name, content) {
  const digest = createHash("sha256").update(content).digest("base64url").replace(/[-_]/g, "").slice(0, 10)
  return name.replace(/(\.[^.]+)$/, `-${digest}$1`)
}

/** Changes with any source: the `v=` of what extensions load. */
function buildId() {
  const digest = createHash("sha256")
  for (const path of walk(join(HERE, "src")).sort()) digest.update(path).update(readFileSync(join(HERE, "src", path)))
  return digest.digest("hex").slice(0, 32)
}

function buildConstants() {
  return {
    BUILD_ID: JSON.stringify(buildId()),
    CODEMIRROR_FOLDER: JSON.stringify(`codemirror-${packageVersion("codemirror")}`),
    JQUERY_UI_FOLDER: JSON.stringify(`jquery-ui-${packageVersion("jquery-ui")}`),
    MATHJAX_FOLDER: JSON.stringify(`mathjax-${packageVersion("mathjax")}`),
  }
}

/** Scripts for workers: one file each, whose name the pages' scripts know. */
async function buildWorkers() {
  const files = {}
  for (const name of WORKERS) {
    const built = await esbuild.build({
      entryPoints: [join(HERE, "src", "entry", `${name}.ts`)],
      bundle: true,
      format: "esm",
      target: "es2022",
      minify: !WATCHING,
      write: false,
      logLevel: "warning",
    })
    const content = built.outputFiles[0].contents
    files[name] = hashed(`${name}.js`, content)
    put(files[name], content)
  }
  return files
}

async function buildScripts(workers) {
  const entries = PAGES.map((page) => join(HERE, "src", "entry", `${page}.ts`))
  const built = await esbuild.build({
    entryPoints: entries,
    outdir: OUT,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: !WATCHING,
    keepNames: false,
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    assetNames: "[name]-[hash]",
    legalComments: "linked",
    // "define.amd": a library in our bundle must not announce itself to the page's AMD loader; we do that, under its id.
    define: { ...buildConstants(), SEARCHER_FILE: JSON.stringify(workers.searcher), "define.amd": "false" },
    metafile: true,
    write: false,
    absWorkingDir: HERE,
    tsconfig: join(HERE, "tsconfig.json"),
    logLevel: "warning",
  })
  for (const file of built.outputFiles) put(relative(OUT, file.path), file.contents)
  return built.metafile
}

async function buildStyle(page) {
  const wanted = [...SHELL_STYLES, ...PAGE_STYLES[page]]
  const built = await esbuild.build({
    stdin: {
      contents: wanted.map((name) => `@import "./${name}.css";`).join("\n"),
      loader: "css",
      resolveDir: join(HERE, "src", "styles"),
    },
    bundle: true,
    minify: !WATCHING,
    target: "es2022",
    write: false,
    loader: { ".svg": "dataurl" },
    logLevel: "warning",
  })
  const content = built.outputFiles[0].contents
  const name = hashed(`${page}.css`, content)
  put(name, content)
  return name
}

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

async function buildRequire() {
  const source = readFileSync(join(MODULES, "requirejs", "require.js"), "utf8")
  const { code } = await esbuild.transform(source, { minify: true, legalComments: "inline" })
  const name = hashed("require.js", code)
  put(name, code)
  return name
}

/** Files of a folder, as paths below it. */
function walk(folder, below = "") {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name)
    return entry.isDirectory() ? walk(folder, path) : [path]
  })
}

function copyInto(target, root, paths) {
  for (const path of paths) {
    const to = join(OUT, target, path)
    if (existsSync(to)) continue // the folder's name carries the version
    mkdirSync(dirname(to), { recursive: true })
    cpSync(join(root, path), to)
  }
}

// MathJax's combined file knows a content network as the place of its fonts. No request may leave the server,
// also when a page forgets to configure it, so our copy says where the fonts really are.
const MATHJAX_FONTS = ["https://cdn.jsdelivr.net/npm/@mathjax", "[mathjax]/fonts"]
// Without the packages of their fonts these extensions cannot work.
const MATHJAX_LEFT_OUT = /[\\/](bbm|bboldx|dsfont)\.js$/

// What every formula needs, in one file. MathJax's own combined file has menus, speech and an explorer as well, which are
// switched off here: half as much again to send and to read.
const MATHJAX_PARTS = ["core.js", "input/tex.js", "input/mml.js", "output/chtml.js", "ui/safe.js", "a11y/assistive-mml.js"]
const MATHJAX_FONT = "fonts/mathjax-newcm-font/chtml.js"
// An option of the menu, which would be complained about in every console.
const MATHJAX_MENU_OPTION = "{menuOptions:{settings:{assistiveMml:!0}}}"
const MATHJAX_FILE = "formulas.js"

/** MathJax's loader, given its first parts as functions; whatever it asks for besides comes as a script of its own. */
function combineMathJax(root, font) {
  const text = (path) => readFileSync(path, "utf8").replace(MATHJAX_MENU_OPTION, "{}")
  const part = (name, path) => `${JSON.stringify(name)}:function(){${text(path)}\n}`
  const parts = [...MATHJAX_PARTS.map((name) => part(name, join(root, name))), part(MATHJAX_FONT, font)]
  const startup = readFileSync(join(root, "startup.js"), "utf8")
  if (!startup.includes(MATHJAX_FONTS[0])) throw new Error("MathJax no longer names its fonts as expected: look at combineMathJax")
  return `(()=>{
const parts={${parts.join(",")}};
const root=document.currentScript.src.replace(/[^/]*$/,""),nonce=document.currentScript.nonce;
const load=(url)=>new Promise((done,failed)=>{
const script=Object.assign(document.createElement("script"),{src:url,nonce,onload:done,onerror:failed});
document.head.append(script)});
const settings=(window.MathJax??={}).loader??={};
settings.require??=(url)=>{const name=url.startsWith(root)?url.slice(root.length):"";
if(!Object.hasOwn(parts,name))return load(url);
parts[name].call(window);return Promise.resolve()};
})();
${startup.replaceAll(...MATHJAX_FONTS)}`
}

function copyMathJax() {
  const version = packageVersion("mathjax")
  const target = `mathjax-${version}`
  const root = join(MODULES, "mathjax")
  const single = ["LICENSE", "tex-mml-chtml.js", "ui/safe.js", "ui/lazy.js", "a11y/assistive-mml.js"]
  const folders = ["input/tex/extensions", "input/mml"].flatMap((folder) => walk(root, folder))
  const wanted = [...single, ...folders].filter((path) => !MATHJAX_LEFT_OUT.test(path))
  copyInto(target, root, wanted)
  const combined = readFileSync(join(root, "tex-mml-chtml.js"), "utf8")
  if (!combined.includes(MATHJAX_FONTS[0])) throw new Error("MathJax no longer names its fonts as expected: look at copyMathJax")
  put(join(target, "tex-mml-chtml.js"), combined.replaceAll(...MATHJAX_FONTS))
  const fonts = join(MODULES, "@mathjax", "mathjax-newcm-font")
  put(join(target, MATHJAX_FILE), combineMathJax(root, join(fonts, "chtml.js")))
  copyInto(join(target, "fonts", "mathjax-newcm-font"), fonts, ["chtml.js", ...walk(fonts, "chtml")])
  const chemistry = join(MODULES, "@mathjax", "mathjax-mhchem-font-extension") // the arrows of \ce
  copyInto(join(target, "fonts", "mathjax-mhchem-font-extension"), chemistry, ["chtml.js", ...walk(chemistry, "chtml")])
  return { folder: `${target}/`, files: walk(join(OUT, target)).map((path) => join(target, path)) }
}

// What extensions require as `codemirror/addon/…`, `codemirror/mode/…`, `codemirror/keymap/…`, `codemirror/theme/…`.
function copyCodeMirror() {
  const target = `codemirror-${packageVersion("codemirror")}`
  const root = join(MODULES, "codemirror")
  const wanted = ["addon", "mode", "keymap", "theme"].flatMap((folder) => walk(root, folder))
  copyInto(target, root, ["LICENSE", ...wanted.filter((path) => /\.(js|css)$/.test(path) && !/test\.js$/.test(path))])
  return { folder: `${target}/`, files: walk(join(OUT, target)).map((path) => join(target, path)) }
}

// The style of what extensions get as `jqueryui`; its script is a chunk.
function copyJQueryUi() {
  const target = `jquery-ui-${packageVersion("jquery-ui")}`
  const root = join(MODULES, "jquery-ui", "dist", "themes", "smoothness")
  copyInto(target, root, ["jquery-ui.min.css", ...walk(join(root, "images")).map((path) => join("images", path))])
  copyInto(target, join(MODULES, "jquery-ui"), ["LICENSE.txt"])
  return walk(join(OUT, target)).map((path) => join(target, path))
}

function compress(name) {
  const path = join(OUT, name)
  const content = readFileSync(path)
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }))
  writeFileSync(`${path}.br`, brotliCompressSync(content, quality))
}

function compressAll(names) {
  for (const name of names.filter((name) => TEXT.test(name))) {
    if (!existsSync(join(OUT, `${name}.br`))) compress(name)
  }
}

// Pages that are open still import the chunks of the build they came from.
const KEEP_OLD_MS = 30 * 60_000

function removeOthers(names) {
  const keep = new Set(names.flatMap((name) => [name, `${name}.gz`, `${name}.br`]))
  for (const name of walk(OUT)) {
    const path = join(OUT, name)
    if (!keep.has(name) && Date.now() - statSync(path).mtimeMs > KEEP_OLD_MS) rmSync(path, { force: true })
  }
}

/** A page's entry and everything that it imports before it runs. */
function firstScripts(metafile, entry) {
  const seen = new Set()
  const visit = (path) => {
    if (seen.has(path)) return
    seen.add(path)
    for (const next of metafile.outputs[path].imports) if (next.kind === "import-statement" && !next.external) visit(next.path)
  }
  visit(entry)
  return [...seen]
}

function sizeOf(name, suffix = "") {
  return statSync(join(OUT, name + suffix)).size
}

function reportSizes(manifest, metafile, entryOutputs) {
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10)
  let isWithin = true
  for (const [page, output] of Object.entries(entryOutputs)) {
    const scripts = [...firstScripts(metafile, output).map((path) => relative(OUT, join(HERE, path))), manifest["require.js"]]
    const sum = (suffix) => scripts.reduce((total, name) => total + sizeOf(name, suffix), 0)
    const wire = sum(".gz") // the larger of the two: a plain http page gets gzip
    console.log(`${page.padEnd(9)} script ${kB(sum(""))}  gzip ${kB(wire)}  brotli ${kB(sum(".br"))}  style gzip ${kB(sizeOf(manifest[`${page}.css`], ".gz"))}`)
    if (BUDGET_PAGES.includes(page) && wire > BUDGET_BYTES) {
      console.error(`${page}: first page script is ${wire} bytes over the wire, the budget is ${BUDGET_BYTES}`)
      isWithin = false
    }
  }
  return isWithin
}

function namesOf(metafile) {
  return Object.keys(metafile.outputs).map((path) => relative(OUT, join(HERE, path)))
}

async function build() {
  const begun_ms = Date.now()
  mkdirSync(OUT, { recursive: true })
  const workers = await buildWorkers()
  const metafile = await buildScripts(workers)
  const entryOutputs = {}
  const manifest = {}
  for (const [path, output] of Object.entries(metafile.outputs)) {
    if (!output.entryPoint) continue
    const page = output.entryPoint.match(/entry\/(\w+)\.ts$/)?.[1]
    if (!page) continue // a chunk of its own, made by import()
    entryOutputs[page] = path
    manifest[`${page}.js`] = relative(OUT, join(HERE, path)).split(sep).join("/")
  }
  // Without them a browser sees only after the entry has come which further scripts it needs.
  for (const [page, entry] of Object.entries(entryOutputs)) {
    manifest[`${page}.js imports`] = firstScripts(metafile, entry).map((path) => relative(OUT, join(HERE, path))).slice(1).join(" ")
  }
  for (const page of PAGES) manifest[`${page}.css`] = await buildStyle(page)
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
  watch(join(HERE, "src"), { recursive: true }, again)
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
