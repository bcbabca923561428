// The services that have jobs, and how one of their runs went.
import type { paths } from '@yuanhang/api'
import type { JobRun } from './wire'

/** A service with jobs, as the bank's description has it. */
export type Service = Scheduled<keyof paths>
type Scheduled<Path> = Path extends `/api/${infer Name}/console/jobs` ? Name : never

// As an object, so that the types miss a service that is not listed.
const LISTED: Record<Service, true> = { ledger: true }

/** Every service that has jobs. */
export const SERVICES = Object.keys(LISTED) as Service[]

/** How long a run took, or has taken so far, seconds; nothing where it was never begun, or was left. */
export function tookSeconds(run: JobRun, now: number): number | undefined {
  if (run.begun_at == null || run.state === 'left') return undefined
  const until = run.done_at == null ? now : Date.parse(run.done_at)
  return Math.max(0, Math.round((until - Date.parse(run.begun_at)) / 1000))
}
