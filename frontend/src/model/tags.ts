/** Tags of a cell: words in `metadata.tags`. Pure. */

/** The tags in what somebody typed: parted by commas and white space, each once, in their order. */
export function parseTags(text: string): string[] {
  return [...new Set(text.split(/[,\s]+/).filter((tag) => tag !== ""))]
}

/** The tags in a cell's metadata: none where there are none, null where something else than a list of texts is kept there. */
export function tagsOf(metadata: Record<string, unknown>): string[] | null {
  const tags = metadata["tags"]
  if (tags === undefined) return []
  return Array.isArray(tags) && tags.every((tag) => typeof tag === "string") ? (tags as string[]) : null
}

/** Whether `tags` are now others than those in `metadata`, which is changed in place; without tags, the key goes. */
export function setTags(metadata: Record<string, unknown>, tags: readonly string[]): boolean {
  const before = tagsOf(metadata) ?? []
  const after = [...new Set(tags)]
  if (before.length === after.length && before.every((tag, index) => tag === after[index])) return false
  if (after.length > 0) metadata["tags"] = after
  else delete metadata["tags"]
  return true
}
