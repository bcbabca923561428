// Days and instants as people read them. Days come as `2026-11-22`, instants as RFC 3339 in UTC.
import type { Language } from './language'

/** The bank's own time zone; a statement reads the same wherever its owner is. */
const ZONE = 'Asia/Shanghai'

function formatter(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : 'zh-CN', options)
}

/** A day without a time never moves through a time zone: it is read and written in UTC. */
function dayOf(date: string): Date {
  return new Date(`${date}T00:00:00Z`)
}

/** `2026-11-22` → `2026年11月22日` / `22 November 2026`. */
export function formatDate(date: string, language: Language): string {
  return formatter(language, { year: 'numeric', month: 'long', day: 'numeric', timeZone: 'UTC' }).format(dayOf(date))
}

/** `2026-11-22` → `2026年11月` / `November 2026`. */
export function monthLabel(date: string, language: Language): string {
  return formatter(language, { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(dayOf(date))
}

/** `2026-11-22` → `11月22日 周日` / `Sun 22 Nov`. */
export function dayLabel(date: string, language: Language): string {
  const options: Intl.DateTimeFormatOptions = language === 'en'
    ? { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }
    : { month: 'long', day: 'numeric', weekday: 'short', timeZone: 'UTC' }
  const text = formatter(language, options).format(dayOf(date)).replace(',', '')
  return language === 'en' ? text : text.replace(/日(?=周)/, '日 ')
}

/** An instant to the second, in the bank's time. */
export function formatDateTime(instant: string, language: Language): string {
  const parts = formatter(language, {
    year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    hourCycle: 'h23', timeZone: ZONE,
  }).formatToParts(new Date(instant))
  const part = (type: string) => parts.find((found) => found.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`
}

/** The clock time of an instant, in the bank's time: `14:05`. */
export function formatTime(instant: string, language: Language): string {
  return formatter(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: ZONE }).format(new Date(instant))
}

/** The bank's calendar day of an instant, moved by `days`: `2026-11-22`. */
export function relativeDay(instant: Date, days: number): string {
  const moved = new Date(instant.getTime() + days * 86_400_000)
  const parts = new Intl.DateTimeFormat('en-GB', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: ZONE }).formatToParts(moved)
  const part = (type: string) => parts.find((found) => found.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}
