// Where the build reads and writes, and how a file gets its name there.
import { createHash } from "node:crypto"
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

export const FRONTEND = join(dirname(fileURLToPath(import.meta.url)), "..")
export const OUT = join(FRONTEND, "..", "flasknb", "static", "build")
export const MODULES = join(FRONTEND, "node_modules")
export const LOCALES = join(FRONTEND, "..", "flasknb", "locale")

export function packageVersion(name) {
  return JSON.parse(readFileSync(join(MODULES, name, "package.json"), "utf8")).version
}

/** Write one file of the build. Compressed copies of another content, under a name that does not tell, go. */
export function put(name, content) {
  const path = join(OUT, name)
  if (existsSync(path) && readFileSync(path).equals(Buffer.from(content))) return utimesSync(path, new Date(), new Date())
  mkdirSync(dirname(path), { recursive: true })
  for (const copy of [`${path}.gz`, `${path}.br`]) rmSync(copy, { force: true })
  writeFileSync(path, content)
}

export function hashed(name, content) {
  const digest = createHash("sha256").update(content).digest("base64url").replace(/[-_]/g, "").slice(0, 10)
  return name.replace(/(\.[^.]+)$/, `-${digest}$1`)
}

/** Files of a folder, as paths below it. */
export function walk(folder, below = "") {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name)
    return entry.isDirectory() ? walk(folder, path) : [path]
  })
}

export function copyInto(target, root, paths) {
  for (const path of paths) {
    const to = join(OUT, target, path)
    if (existsSync(to)) continue // the folder's name carries the version
    mkdirSync(dirname(to), { recursive: true })
    cpSync(join(root, path), to)
  }
}

export function sizeOf(name, suffix = "") {
  return statSync(join(OUT, name + suffix)).size
}
