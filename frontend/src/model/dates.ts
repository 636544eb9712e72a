/** Dates as the page shows them. Pure: the present is an argument. */

import { _, counted, pageLocale } from "../i18n/words"

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** "a few seconds ago", "5 minutes ago", "an hour ago", "2 days ago". A date in the future (clocks differ) counts as now. */
export function relativeTime(then: Date, now: Date): string {
  const age_ms = Math.max(0, now.getTime() - then.getTime())
  const minutes = Math.round(age_ms / MINUTE_MS)
  const hours = Math.round(age_ms / HOUR_MS)
  if (age_ms < 45 * SECOND_MS) return _("a few seconds ago")
  if (minutes < 2) return _("a minute ago")
  if (minutes < 45) return counted("%d minute ago", "%d minutes ago", minutes)
  if (hours < 2) return _("an hour ago")
  if (hours < 22) return counted("%d hour ago", "%d hours ago", hours)
  const days = Math.round(age_ms / DAY_MS)
  return days < 2 ? _("a day ago") : counted("%d day ago", "%d days ago", days)
}

const DAYS_OF_LAST_WEEK = 6

/** Relative within a day, then by the calendar, for checkpoints and files: "Yesterday at 3:07 PM", "Last Thursday at 3:07 PM", "09/04/2026". */
export function checkpointAge(then: Date, now: Date): string {
  if (now.getTime() - then.getTime() < DAY_MS) return relativeTime(then, now)
  const days = calendarDays(then, now)
  if (days <= 1) return _("Yesterday at %s", clock(then))
  if (days <= DAYS_OF_LAST_WEEK) return _("Last %s at %s", weekday(then), clock(then))
  return new Intl.DateTimeFormat(pageLocale(), { year: "numeric", month: "2-digit", day: "2-digit" }).format(then)
}

/* How many midnights lie between; an hour more or less in a week, where the clocks were changed, is none. */
function calendarDays(then: Date, now: Date): number {
  const midnight = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
  return Math.round((midnight(now) - midnight(then)) / DAY_MS)
}

function weekday(date: Date): string {
  return new Intl.DateTimeFormat(pageLocale(), { weekday: "long" }).format(date)
}

/** "3:07 PM", in the reader's own way of writing it. */
export function clock(date: Date): string {
  return new Intl.DateTimeFormat(pageLocale(), { timeStyle: "short" }).format(date)
}

/** "15:07:09". */
export function clockWithSeconds(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":")
}

/** "Friday, September 4, 2026 3:07 PM". */
export function longDate(date: Date): string {
  return `${new Intl.DateTimeFormat(pageLocale(), { dateStyle: "full" }).format(date)} ${clock(date)}`
}

/** "Fri, Sep 4, 2026 3:07 PM". */
export function shortDate(date: Date): string {
  const day: Intl.DateTimeFormatOptions = { weekday: "short", month: "short", day: "numeric", year: "numeric" }
  return `${new Intl.DateTimeFormat(pageLocale(), day).format(date)} ${clock(date)}`
}

/** How long until the text of `checkpointAge` may differ: it is redrawn every 10 s, then every minute, then every hour. */
export function redrawDelay_ms(then: Date, now: Date): number {
  const age_ms = now.getTime() - then.getTime()
  if (age_ms < MINUTE_MS) return 10 * SECOND_MS
  return age_ms < HOUR_MS ? MINUTE_MS : HOUR_MS
}
