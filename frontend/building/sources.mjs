// What our own sources become: scripts of pages and of workers, styles.
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { join, relative } from "node:path"
import * as esbuild from "esbuild"
import { FRONTEND, OUT, hashed, packageVersion, put, walk } from "./files.mjs"
import { iconSheet } from "./icons.mjs"

export const PAGES = ["notebook", "tree", "edit", "terminal", "login"]
const WORKERS = ["searcher"]

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

/** Changes with any source: the `v=` of what extensions load. */
function buildId() {
  const digest = createHash("sha256")
  for (const path of walk(join(FRONTEND, "src")).sort()) digest.update(path).update(readFileSync(join(FRONTEND, "src", path)))
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
export async function buildWorkers(minify) {
  const files = {}
  for (const name of WORKERS) {
    const built = await esbuild.build({
      entryPoints: [join(FRONTEND, "src", "entry", `${name}.ts`)],
      bundle: true,
      format: "esm",
      target: "es2022",
      minify,
      write: false,
      logLevel: "warning",
    })
    const content = built.outputFiles[0].contents
    files[name] = hashed(`${name}.js`, content)
    put(files[name], content)
  }
  return files
}

export async function buildScripts(workers, minify) {
  const entries = PAGES.map((page) => join(FRONTEND, "src", "entry", `${page}.ts`))
  const built = await esbuild.build({
    entryPoints: entries,
    outdir: OUT,
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify,
    keepNames: false,
    entryNames: "[name]-[hash]",
    chunkNames: "chunk-[hash]",
    assetNames: "[name]-[hash]",
    legalComments: "linked",
    // "define.amd": a library in our bundle must not announce itself to the page's AMD loader; we do that, under its id.
    define: { ...buildConstants(), SEARCHER_FILE: JSON.stringify(workers.searcher), "define.amd": "false" },
    metafile: true,
    write: false,
    absWorkingDir: FRONTEND,
    tsconfig: join(FRONTEND, "tsconfig.json"),
    logLevel: "warning",
  })
  for (const file of built.outputFiles) put(relative(OUT, file.path), file.contents)
  return built.metafile
}

export async function buildStyle(page, minify) {
  const wanted = [...SHELL_STYLES, ...PAGE_STYLES[page]]
  const built = await esbuild.build({
    stdin: {
      contents: wanted.map((name) => `@import "./${name}.css";`).join("\n"),
      loader: "css",
      resolveDir: join(FRONTEND, "src", "styles"),
    },
    bundle: true,
    minify,
    target: "es2022",
    write: false,
    loader: { ".svg": "dataurl" },
    plugins: [iconSheet],
    logLevel: "warning",
  })
  const content = built.outputFiles[0].contents
  const name = hashed(`${page}.css`, content)
  put(name, content)
  return name
}
