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

/** What a notebook's metadata says of its kernel; null where it says nothing. Notebooks of long ago name only a language. */
export function kernelOfMetadata(metadata: Readonly<Record<string, unknown>>): WantedKernel | null {
  const kernelspec = metadata["kernelspec"] as WantedKernel | undefined
  const info = metadata["language_info"] as { name?: unknown } | undefined
  if (kernelspec?.name) return { ...(typeof info?.name === "string" ? { language: info.name } : {}), ...kernelspec }
  const language = metadata["language"]
  return typeof language === "string" ? { language } : null
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
