// What the record writes, taken apart for the page.

/** Somebody or something of the record: `account:0193…`, or `bank`. */
export interface Named {
  kind: string
  id: string
}

/** `text` as kind and id. */
export function named(text: string): Named {
  const at = text.indexOf(':')
  return at < 0 ? { kind: text, id: '' } : { kind: text.slice(0, at), id: text.slice(at + 1) }
}

/** Method and pattern of a route, where an action is one: `GET /api/accounts/console/{id}`. */
export function routeOf(action: string): { method: string; path: string } | null {
  const found = /^(GET|POST|PUT|PATCH|DELETE) (\/.*)$/.exec(action)
  return found ? { method: found[1] ?? '', path: found[2] ?? '' } : null
}

/** The kind of acts that show a personal field whole, which the record knows by more than how they begin. */
export const UNMASKED = 'unmasked'

/** Which records are wanted. Empty texts ask for all. */
export interface Wanted {
  actor: string
  subject: string
  action: string
  /** Days of the bank, `2026-11-27`. */
  from: string
  until: string
}

/** What the bank is asked for: instants instead of days, and nothing that is empty. */
export function asked(wanted: Wanted): Record<string, string> {
  const midnight = (day: string) => `${day}T00:00:00+08:00`
  const query: Record<string, string> = {}
  if (wanted.actor.trim()) query['actor'] = wanted.actor.trim()
  if (wanted.subject.trim()) query['subject'] = wanted.subject.trim()
  if (wanted.action === UNMASKED) query['unmasked'] = 'true'
  else if (wanted.action) query['action'] = wanted.action
  if (wanted.from) query['from'] = midnight(wanted.from)
  if (wanted.until) query['until'] = midnight(dayAfter(wanted.until))
  return query
}

/** The day after `day`. */
export function dayAfter(day: string): string {
  const next = new Date(`${day}T00:00:00Z`)
  next.setUTCDate(next.getUTCDate() + 1)
  return next.toISOString().slice(0, 10)
}
