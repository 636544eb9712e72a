// The build's folder when everything is in it: compressed copies beside the files, and what no page needs any more.
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"
import { OUT, walk } from "./files.mjs"

const TEXT = /\.(js|mjs|css|json|svg|txt|map)$/

function compress(name) {
  const path = join(OUT, name)
  const content = readFileSync(path)
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }))
  writeFileSync(`${path}.br`, brotliCompressSync(content, quality))
}

export function compressAll(names) {
  for (const name of names.filter((name) => TEXT.test(name))) {
    if (!existsSync(join(OUT, `${name}.br`))) compress(name)
  }
}

// Pages that are open still import the chunks of the build they came from.
const KEEP_OLD_MS = 30 * 60_000

export function removeOthers(names) {
  const keep = new Set(names.flatMap((name) => [name, `${name}.gz`, `${name}.br`]))
  for (const name of walk(OUT)) {
    const path = join(OUT, name)
    if (!keep.has(name) && Date.now() - statSync(path).mtimeMs > KEEP_OLD_MS) rmSync(path, { force: true })
  }
}
