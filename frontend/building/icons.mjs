// All icons as one drawing, of which each shows its part. A browser makes a document of every SVG image that a page shows,
// for 2 ms of a processor each: twenty of them held up the first cell.
import { readFileSync, readdirSync } from "node:fs"
import { basename, join } from "node:path"

const STYLE = /[\\/]icons\.css$/
const UNITS = 16 // of each drawing
const STEP_EM = 1.5 // from one to the next; between them nothing, so that none shows at another's edge
const SHEET = /icons\(\)/g
const ICON = /icon\(([\w-]+)\)/g

/** The drawings of `folder`, by name, in rows and columns of equal number. */
function readSheet(folder) {
  const names = readdirSync(folder).map((name) => basename(name, ".svg")).sort()
  const columns = 2 * Math.ceil(Math.sqrt(names.length) / 2) // even: the sheet has whole pixels in every size of text that has
  const parts = names.map((name, number) => {
    const svg = readFileSync(join(folder, `${name}.svg`), "utf8")
    const content = svg.match(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 16 16"(?:\/>|>([^]*)<\/svg>)\s*$/)
    if (!content) throw new Error(`icons/${name}.svg is not drawn on 16 by 16 units`)
    const [x, y] = [number % columns, Math.floor(number / columns)]
    return { name, x, y, content: content[1] ?? "" }
  })
  return { columns, parts }
}

function draw({ columns, parts }) {
  const side = columns * UNITS * STEP_EM
  const place = (part) => `translate(${part.x * UNITS * STEP_EM} ${part.y * UNITS * STEP_EM})`
  const drawn = parts.filter((part) => part.content).map((part) => `<g transform="${place(part)}">${part.content}</g>`)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${drawn.join("")}</svg>`
}

/** With nothing but what an address must not have escaped: what is left travels compressed, and is read by people. */
const asUrl = (svg) => `url("data:image/svg+xml,${svg.replaceAll('"', "'").replace(/[%#\n]/g, encodeURIComponent)}")`

/** For esbuild: `icons()` is the sheet and its size, `icon(name)` the place of a drawing on it. */
export const iconSheet = {
  name: "icon sheet",
  setup(build) {
    build.onLoad({ filter: STYLE }, ({ path }) => {
      const sheet = readSheet(path.replace(/\.css$/, ""))
      const places = new Map(sheet.parts.map((part) => [part.name, `${-part.x * STEP_EM}em ${-part.y * STEP_EM}em`]))
      const side = `${sheet.columns * STEP_EM}em`
      const place = (_, name) => {
        if (!places.has(name)) throw new Error(`icons.css names icons/${name}.svg, which is not there`)
        return places.get(name)
      }
      const contents = readFileSync(path, "utf8")
        .replace(ICON, place)
        .replace(SHEET, () => `${asUrl(draw(sheet))} var(--icon) / ${side} ${side}`)
      return { contents, loader: "css" }
    })
  },
}
