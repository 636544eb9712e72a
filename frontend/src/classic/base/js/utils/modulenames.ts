/** Which AMD modules notebooks, kernels and settings may name: installed ones, and no file that lies beside a notebook. */

/* A loader takes addresses as well, and climbs: `http://…`, `/…`, `../files/…`, `x.js`. */
const MODULE_NAME = /^(?!.*\.js$)[^\s:?#%\\/][^\0-\x1f:?#%\\]*$/

/* Nor does requirejs ever answer for "__proto__", where its tables have no room. */
const NO_PART = [".", "..", "__proto__"]

/** Whether `name` leads to where modules are installed. */
export function isInstalledName(name: unknown): name is string {
  return typeof name === "string" && MODULE_NAME.test(name) && !name.split("/").some((part) => NO_PART.includes(part))
}

const distrusted = new Set<string>()

/**
 * Have the page's loader refuse what the state of a notebook's widgets (`metadata.widgets`, of whatever shape) names and
 * is not installed. ipywidgets loads these names when a notebook is opened, trusted or not.
 */
export function distrustWidgets(widgets: unknown): void {
  const left: unknown[] = [widgets]
  for (let value = left.pop(); value !== undefined || left.length > 0; value = left.pop()) {
    if (typeof value !== "object" || value === null) continue
    for (const [key, member] of Object.entries(value)) {
      if (typeof member === "object") left.push(member)
      else if (key.endsWith("_module") && typeof member === "string" && !isInstalledName(member)) distrust(member)
    }
  }
}

/* A loader plugin (`name!argument`) is a module too. */
function distrust(name: string): void {
  distrusted.add(name)
  distrusted.add(name.split("!")[0]!)
}

/** Every name that is refused. */
export function distrustedNames(): Iterable<string> {
  return distrusted
}
