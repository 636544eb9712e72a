// MathJax as pages get it: its parts for every formula in one file, fonts of ours, nothing that another server has.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { MODULES, OUT, copyInto, packageVersion, put, walk } from "./files.mjs"

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
  put(join(target, MATHJAX_FILE), combineMathJax(root, join(fonts, "chtml.js")))
  copyInto(join(target, "fonts", "mathjax-newcm-font"), fonts, ["chtml.js", ...walk(fonts, "chtml")])
  const chemistry = join(MODULES, "@mathjax", "mathjax-mhchem-font-extension") // the arrows of \ce
  copyInto(join(target, "fonts", "mathjax-mhchem-font-extension"), chemistry, ["chtml.js", ...walk(chemistry, "chtml")])
  return { folder: `${target}/`, files: walk(join(OUT, target)).map((path) => join(target, path)) }
}
