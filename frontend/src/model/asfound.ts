/** What a page adds to a file by showing it, and how that is taken back: a file that was only looked at stays as it was. Pure. */
import { copyJson, type Metadata } from "./notebook"

/** Fields that every cell has, though the file may lack them: then it is invalid, and nobody asked for a repair. */
const NEEDED = ["source", "outputs", "execution_count"]

/** The needed fields that `cell` lacks in its file. */
export function missingFields(cell: object): string[] {
  return NEEDED.filter((name) => !Object.hasOwn(cell, name))
}

/** `cell` without the fields in `missing`, as long as nothing is in them. */
export function withoutEmpty<T extends object>(cell: T, missing: readonly string[]): T {
  return Object.fromEntries(Object.entries(cell).filter(([name, value]) => !missing.includes(name) || !isEmpty(value))) as T
}

function isEmpty(value: unknown): boolean {
  return value === "" || value === null || (Array.isArray(value) && value.length === 0)
}

/** Entries of a notebook's metadata that its kernel decides on. */
const KERNELS = ["kernelspec", "language_info", "language"]

/** What the kernel that a notebook got by being opened writes into its metadata, and what the file had there. */
export class KernelWords {
  private readonly found: Metadata
  private readonly told: Metadata = {}

  constructor(metadata: Metadata) {
    this.found = onlyKernels(metadata)
  }

  /** The kernel puts `value` into the entry `name`. */
  tell(name: string, value: unknown): void {
    this.told[name] = copyJson(value)
  }

  /** `metadata` with the file's own entries where the kernel's are; what anybody else wrote there stays. */
  takenBack(metadata: Metadata): Metadata {
    const result = { ...metadata }
    for (const name of KERNELS) {
      if (JSON.stringify(metadata[name]) !== JSON.stringify(this.told[name])) continue
      delete result[name]
      if (Object.hasOwn(this.found, name)) result[name] = this.found[name]
    }
    return result
  }
}

function onlyKernels(metadata: Metadata): Metadata {
  return copyJson(Object.fromEntries(KERNELS.filter((name) => Object.hasOwn(metadata, name)).map((name) => [name, metadata[name]])))
}
