/** Which way the page's lines run. */

const MIRRORED: Readonly<Record<string, string>> = { ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" }

/** `key` as it is meant where lines begin at the left: what goes on, or in, is → there and ← in a page that is turned round. */
export function keyAlongLine(key: string): string {
  return document.body.dir === "rtl" ? (MIRRORED[key] ?? key) : key
}
