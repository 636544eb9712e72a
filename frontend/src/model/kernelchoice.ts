/** Which kernel a notebook gets. Pure: the installed kernelspecs are an argument. */

export interface KernelSpecModel {
  name: string
  spec: { display_name: string; language: string; [key: string]: unknown }
  resources: Record<string, string>
}

export interface WantedKernel {
  name?: string
  language?: string
  display_name?: string
}

/** `exact`: found by name. `matched`: the only one of that language. `missing`: the user must choose among `candidates`. */
export type Choice =
  | { kind: "exact"; found: KernelSpecModel }
  | { kind: "matched"; found: KernelSpecModel }
  | { kind: "missing"; candidates: KernelSpecModel[] }

/** The kernelspecs in the order of their display names. */
export function sortedSpecs(specs: Record<string, KernelSpecModel>): KernelSpecModel[] {
  return Object.values(specs).sort((a, b) => a.spec.display_name.localeCompare(b.spec.display_name))
}

/** The kernelspecs whose language is `language`, whatever its case. */
function ofLanguage(specs: Record<string, KernelSpecModel>, language: string | undefined): KernelSpecModel[] {
  if (!language) return []
  return sortedSpecs(specs).filter((candidate) => candidate.spec.language.toLowerCase() === language.toLowerCase())
}

/** The fields of `value` that are texts, which is all that names, languages and titles can be. */
function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null) return {}
  return Object.fromEntries(Object.entries(value).filter((field): field is [string, string] => typeof field[1] === "string"))
}

/** What a notebook's metadata says of its kernel; null where it says nothing. Notebooks of long ago name only a language. */
export function kernelOfMetadata(metadata: Readonly<Record<string, unknown>>): WantedKernel | null {
  const kernelspec = textsOf(metadata["kernelspec"])
  const { name: language } = textsOf(metadata["language_info"])
  if (kernelspec["name"]) return { ...(language === undefined ? {} : { language }), ...kernelspec }
  const old = metadata["language"]
  return typeof old === "string" ? { language: old } : null
}

/** The kernelspec for what a notebook asks for. `candidates` is empty where no kernel of that language is installed. */
export function chooseKernel(specs: Record<string, KernelSpecModel>, wanted: WantedKernel): Choice {
  const found = wanted.name !== undefined && Object.hasOwn(specs, wanted.name) ? specs[wanted.name] : undefined
  if (found) return { kind: "exact", found }
  const candidates = ofLanguage(specs, wanted.language)
  const [only] = candidates
  if (only && candidates.length === 1) return { kind: "matched", found: only }
  return { kind: "missing", candidates }
}
