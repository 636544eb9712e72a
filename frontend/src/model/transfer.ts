/** How far something sent to the server has got, in the parts that are worth telling. */

export interface Transfer {
  sentBytes: number
  totalBytes: number
}

/** Spoken again after so much more: a screen reader is not to talk all the time. */
const SPOKEN_STEP_PERCENT = 25
const BYTES_PER_MB = 1_000_000

/** Whole percent, from 0 to 100; all of nothing is sent. */
export function percentOf({ sentBytes, totalBytes }: Transfer): number {
  return totalBytes > 0 ? Math.min(100, Math.floor((100 * sentBytes) / totalBytes)) : 100
}

/** All has left: what goes on is the server's work. */
export function isWithServer(transfer: Transfer): boolean {
  return transfer.sentBytes >= transfer.totalBytes
}

/** Whether `now` is to be spoken, when `before` was spoken last (null: nothing yet). */
export function isNews(now: Transfer, before: Transfer | null): boolean {
  if (before === null) return true
  const step = (transfer: Transfer): number => Math.floor(percentOf(transfer) / SPOKEN_STEP_PERCENT)
  return isWithServer(now) !== isWithServer(before) || step(now) > step(before)
}

/** `52.3` for 52,312,000 bytes. */
export function megabytes(bytes: number): string {
  return (bytes / BYTES_PER_MB).toFixed(1)
}
