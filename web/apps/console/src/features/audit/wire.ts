// The audit record as the bank describes it to staff.
import type { components } from '@yuanhang/api'

/** What somebody did. */
export type AuditRecord = components['schemas']['RecordView']
