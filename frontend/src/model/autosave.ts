/** How often to save. Pure. */

/** A save may take at most one tenth of the time between two. */
const SHARE = 10
const STEP_MS = 10_000

/** The interval after a save that took `duration_ms`: long enough for slow disks, whole ten-second steps, never under the minimum. */
export function autosaveInterval_ms(duration_ms: number, minimum_ms: number): number {
  return Math.ceil(Math.max(SHARE * duration_ms, minimum_ms) / STEP_MS) * STEP_MS
}
