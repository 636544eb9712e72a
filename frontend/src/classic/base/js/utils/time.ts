/** Times for people, and how long such a text stays true. */

export const time = {
  milliseconds: { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 },
  /** Below which age, in milliseconds, a relative time counts as seconds, minutes, hours. */
  thresholds: { s: 45_000, m: 45 * 60_000, h: 22 * 3_600_000 },

  /** After how many milliseconds a relative time of age `age_ms` needs to be written again. */
  timeout_from_dt(age_ms: number): number {
    if (age_ms < time.thresholds.s) return 5 * time.milliseconds.s
    if (age_ms < time.thresholds.m) return time.milliseconds.m
    return time.milliseconds.h
  },
}

/** "5 minutes ago" for a date, or its text when it is no date. */
export function format_datetime(when: string | number | Date): string {
  const date = new Date(when)
  if (Number.isNaN(date.getTime())) return String(when)
  const age_ms = date.getTime() - Date.now()
  const size = Math.abs(age_ms)
  if (size < time.thresholds.s) return age_ms <= 0 ? "seconds ago" : "in seconds"
  const formatter = new Intl.RelativeTimeFormat("en", { numeric: "auto" })
  const { m, h, d } = time.milliseconds
  if (size < time.thresholds.m) return formatter.format(Math.round(age_ms / m) || Math.sign(age_ms), "minute")
  if (size < time.thresholds.h) return formatter.format(Math.round(age_ms / h) || Math.sign(age_ms), "hour")
  if (size < 26 * d) return formatter.format(Math.round(age_ms / d) || Math.sign(age_ms), "day")
  if (size < 320 * d) return formatter.format(Math.round(age_ms / (30.44 * d)) || Math.sign(age_ms), "month")
  return formatter.format(Math.round(age_ms / (365.25 * d)) || Math.sign(age_ms), "year")
}

/** Compare two dates for `Array.sort`; `order` 1 puts the newest first, 0 the oldest. */
export function datetime_sort_helper(a: string | Date, b: string | Date, order: number): number {
  const difference = new Date(a).getTime() - new Date(b).getTime()
  return Math.sign(order === 1 ? -difference : difference)
}
