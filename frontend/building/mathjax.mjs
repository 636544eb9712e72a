// MathJax as pages get it: its parts for every formula in one file, fonts of ours, nothing that another server has.
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { FRONTEND, MODULES, OUT, copyInto, packageVersion, put, walk } from "./files.mjs"

// MathJax's combined file knows a content network as the place of its fonts. No request may leave the server,
// also when a page forgets to configure it, so our copy says where the fonts really are.
const MATHJAX_FONTS = ["https://cdn.jsdelivr.net/npm/@mathjax", "[mathjax]/fonts"]
// Without the packages of their fonts these extensions cannot work.
const MATHJAX_LEFT_OUT = /[\\/](bbm|bboldx|dsfont)\.js$/

// What every formula needs, in one file. MathJax's own combined file has menus, speech and an explorer as well, which are
// switched off here: half as much again to send and to read.
const MATHJAX_PARTS = ["core.js", "input/tex.js", "input/mml.js", "output/chtml.js", "ui/safe.js", "a11y/assistive-mml.js"]
const FONT_FILES = "fonts/mathjax-newcm-font/chtml/woff2"
const MATHJAX_FONT = "fonts/mathjax-newcm-font/chtml.js"
// An option of the menu, which would be complained about in every console.
const MATHJAX_MENU_OPTION = "{menuOptions:{settings:{assistiveMml:!0}}}"
const MATHJAX_FILE = "formulas.js"

// Of the font that nearly every formula needs, two thirds are for signs that few have (see fonts/split.py).
const SPLIT = "mjx-ncm-n"
const SPLIT_PARTS = ["usual", "rare"].map((part) => `${SPLIT}-${part}.woff2`)

/** The font's program with two faces in place of the one: a browser takes the later where that has the character. */
function splitFace(program, fonts) {
  const { source, usual } = JSON.parse(readFileSync(join(FRONTEND, "fonts", `${SPLIT}.json`), "utf8"))
  const whole = readFileSync(join(fonts, "chtml", "woff2", `${SPLIT}.woff2`))
  if (createHash("sha256").update(whole).digest("hex") !== source) throw new Error("MathJax's font has changed: run frontend/fonts/split.py")
  const face = (name, file, more) => `"@font-face /* ${name} */":{"font-family":"MJX-NCM-N",src:'url("%%URL%%/${file}") format("woff2")'${more}}`
  const before = face("MJX-NCM-N", `${SPLIT}.woff2`, "")
  if (!program.includes(before)) throw new Error("MathJax's font no longer names its faces as expected: look at splitFace")
  const [first, second] = SPLIT_PARTS
  return program.replace(before, `${face("MJX-NCM-N", second, "")},${face("MJX-NCM-N usual", first, `,"unicode-range":"${usual}"`)}`)
}

/**
 * MathJax's loader, given its first parts as functions; whatever it asks for besides comes as a script of its own. After each
 * part the page has its turn: all of them take a tenth of a second, in which an answer would wait that the kernel's start waits for.
 */
function combineMathJax(root, font) {
  const part = (name, text) => `${JSON.stringify(name)}:function(){${text}\n}`
  const text = (name) => readFileSync(join(root, name), "utf8").replace(MATHJAX_MENU_OPTION, "{}")
  const parts = [...MATHJAX_PARTS.map((name) => part(name, text(name))), part(MATHJAX_FONT, font)]
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
parts[name].call(window);return new Promise((done)=>setTimeout(done))};
})();
${startup.replaceAll(...MATHJAX_FONTS)}`
}

export function copyMathJax() {
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
  const font = splitFace(readFileSync(join(fonts, "chtml.js"), "utf8"), fonts)
  put(join(target, MATHJAX_FILE), combineMathJax(root, font))
  for (const part of SPLIT_PARTS) put(join(target, FONT_FILES, part), readFileSync(join(FRONTEND, "fonts", part)))
  copyInto(join(target, "fonts", "mathjax-newcm-font"), fonts, ["chtml.js", ...walk(fonts, "chtml")])
  const chemistry = join(MODULES, "@mathjax", "mathjax-mhchem-font-extension") // the arrows of \ce
  copyInto(join(target, "fonts", "mathjax-mhchem-font-extension"), chemistry, ["chtml.js", ...walk(chemistry, "chtml")])
  return { folder: `${target}/`, files: walk(join(OUT, target)).map((path) => join(target, path)) }
}
