// The services whose news staff see, and what their figures mean.
import type { paths } from '@yuanhang/api'

/** A service that announces news, as the bank's description has it. */
export type Service = Announcing<keyof paths>
type Announcing<Path> = Path extends `/api/${infer Name}/console/news` ? Name : never

// As an object, so that the types miss a service that is not listed.
const LISTED: Record<Service, true> = { payments: true, accounts: true, customers: true, identity: true }

/** Every service that announces news, the busiest first. */
export const SERVICES = Object.keys(LISTED) as Service[]

/** News that waits longer than this is late, seconds: the relay takes a moment. */
export const LATE_S = 30

/** How the news of a service is getting on. */
export type State = 'unknown' | 'dead' | 'late' | 'good'

/** The worst that can be said; `unknown` where the service does not answer. */
export function stateOf(news: { dead: number; oldest_waiting_s?: number | null } | undefined): State {
  if (!news) return 'unknown'
  if (news.dead > 0) return 'dead'
  return (news.oldest_waiting_s ?? 0) > LATE_S ? 'late' : 'good'
}
