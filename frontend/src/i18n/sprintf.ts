/** `printf` formats as message catalogues have them: `%s`, `%d`, `%.2f`, `%1$s` by position, `%(name)s` by name, `%%`. */

const FORMAT = /%(?:(\d+)\$|\((\w+)\))?(?:\.(\d+))?([sdifuxXoebcj%])/g

function written(value: unknown, kind: string, digits: number | undefined): string {
  if (kind === "s") return digits === undefined ? String(value) : String(value).slice(0, digits)
  if (kind === "j") return JSON.stringify(value)
  const number = Number(value)
  if (kind === "f") return digits === undefined ? String(number) : number.toFixed(digits)
  if (kind === "e") return number.toExponential(digits)
  if (kind === "c") return String.fromCodePoint(number)
  if (kind === "x" || kind === "X") return kind === "x" ? number.toString(16) : number.toString(16).toUpperCase()
  return Math.trunc(number).toString(kind === "o" ? 8 : kind === "b" ? 2 : 10)
}

/** `format` with its placeholders replaced. A value that is missing leaves its place empty. */
export function sprintf(format: string, ...values: unknown[]): string {
  let next = 0
  return format.replace(FORMAT, (_match, position: string, name: string, digits: string, kind: string) => {
    if (kind === "%") return "%"
    const named = name ? (values[0] as Record<string, unknown> | undefined)?.[name] : undefined
    const value = name ? named : values[position ? Number(position) - 1 : next++]
    return written(value ?? "", kind, digits === undefined ? undefined : Number(digits))
  })
}
