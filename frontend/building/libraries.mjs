// Libraries that extensions load by name: RequireJS, CodeMirror's modules, jQuery UI's style.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import * as esbuild from "esbuild"
import { MODULES, OUT, copyInto, hashed, packageVersion, put, walk } from "./files.mjs"

export async function buildRequire() {
  const source = readFileSync(join(MODULES, "requirejs", "require.js"), "utf8")
  const { code } = await esbuild.transform(source, { minify: true, legalComments: "inline" })
  const name = hashed("require.js", code)
  put(name, code)
  return name
}

// What extensions require as `codemirror/addon/…`, `codemirror/mode/…`, `codemirror/keymap/…`, `codemirror/theme/…`.
export function copyCodeMirror() {
  const target = `codemirror-${packageVersion("codemirror")}`
  const root = join(MODULES, "codemirror")
  const wanted = ["addon", "mode", "keymap", "theme"].flatMap((folder) => walk(root, folder))
  copyInto(target, root, ["LICENSE", ...wanted.filter((path) => /\.(js|css)$/.test(path) && !/test\.js$/.test(path))])
  return { folder: `${target}/`, files: walk(join(OUT, target)).map((path) => join(target, path)) }
}

// The style of what extensions get as `jqueryui`; its script is a chunk.
export function copyJQueryUi() {
  const target = `jquery-ui-${packageVersion("jquery-ui")}`
  const root = join(MODULES, "jquery-ui", "dist", "themes", "smoothness")
  copyInto(target, root, ["jquery-ui.min.css", ...walk(join(root, "images")).map((path) => join("images", path))])
  copyInto(target, join(MODULES, "jquery-ui"), ["LICENSE.txt"])
  return walk(join(OUT, target)).map((path) => join(target, path))
}
