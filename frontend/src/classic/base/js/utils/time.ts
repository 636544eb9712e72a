/** Times for people, and how long such a text stays true. */
import { relativeTime } from "../../../../model/dates"
import { _, counted } from "../../../../i18n/words"

export const time = {
  milliseconds: { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 },
  /** Below which age, in milliseconds, a relative time counts as seconds, minutes, hours. */
  thresholds: { s: 45_000, m: 45 * 60_000, h: 22 * 3_600_000, d: 26 * 24 * 3_600_000 },

  /** After how many milliseconds a relative time of age `age_ms` needs to be written again. */
  timeout_from_dt(age_ms: number): number {
    if (age_ms < time.thresholds.s) return 10 * time.milliseconds.s
    if (age_ms < time.thresholds.m) return time.milliseconds.m
    return time.milliseconds.h
  },
}

const DAYS_PER_MONTH = 30.44
const MONTHS_FROM_DAYS = 26
const YEARS_FROM_DAYS = 320

/** "seconds ago", "5 minutes ago", "3 months ago" for a date, or its text when it is no date. */
export function format_datetime(when: string | number | Date): string {
  const date = new Date(when)
  if (Number.isNaN(date.getTime())) return String(when)
  if (Date.now() - date.getTime() < time.thresholds.s) return _("seconds ago")
  const days = (Date.now() - date.getTime()) / time.milliseconds.d
  if (days < MONTHS_FROM_DAYS) return relativeTime(date, new Date())
  return days < YEARS_FROM_DAYS
    ? counted("a month ago", "%d months ago", Math.max(1, Math.round(days / DAYS_PER_MONTH)))
    : counted("a year ago", "%d years ago", Math.max(1, Math.round(days / 365.25)))
}

/** Compare two dates for `Array.sort`; `order` 1 puts the oldest first, 0 the newest. What is no date stays where it is. */
export function datetime_sort_helper(a: string | Date, b: string | Date, order: number): number {
  const difference = new Date(a).getTime() - new Date(b).getTime()
  return Math.sign(order === 1 ? difference : -difference) || 0
}
