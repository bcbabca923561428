// Jobs as the bank describes them to staff.
import type { components } from '@yuanhang/api'

/** What the calendar makes a service do, with its latest days. */
export type Job = components['schemas']['JobView']
/** A job's run for one day. */
export type JobRun = components['schemas']['JobRunView']
