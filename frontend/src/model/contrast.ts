/** Colours that stay readable where a page is dark. Pure: red, green and blue (0–255) in and out. */

export type Rgb = readonly [number, number, number]

/** What outputs stand on in the dark theme (`--fnb-card`). */
const DARK_GROUND: Rgb = [0x21, 0x24, 0x26]
/** WCAG 2.2, 1.4.3: text against its ground. */
const ENOUGH = 4.5
const STEPS = 20

function luminance(colour: Rgb): number {
  const [r = 0, g = 0, b = 0] = colour.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** How well `colour` is told from `ground`: 1 not at all, 21 black on white. */
export function contrast(colour: Rgb, ground: Rgb): number {
  const [dark = 0, light = 0] = [luminance(colour), luminance(ground)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

/** `colour`, with as much white as it needs to be read in the dark theme; itself where it needs none. */
export function readableOnDark(colour: Rgb): Rgb {
  for (let step = 0; step <= STEPS; step += 1) {
    const [r, g, b] = colour.map((part) => Math.round(part + ((255 - part) * step) / STEPS)) as [number, number, number]
    if (contrast([r, g, b], DARK_GROUND) >= ENOUGH) return [r, g, b]
  }
  return [255, 255, 255]
}
