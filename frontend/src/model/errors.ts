/** What a caught value tells, whatever was thrown. */

/** The words of an error; of anything else, what it is as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The HTTP status of a failed request, or undefined. */
export function statusOf(error: unknown): number | undefined {
  const failure = error as { status?: number; xhr?: { status?: number } } | null | undefined
  return failure?.xhr?.status ?? failure?.status
}
