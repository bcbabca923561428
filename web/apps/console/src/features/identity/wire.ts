// Staff as the bank describes them.
import type { components } from '@yuanhang/api'

/** A member of staff. */
export type Staff = components['schemas']['StaffView']
/** Somebody who waits for a new password. */
export type Recovery = components['schemas']['ConsoleRecovery']
/** Somebody to add. */
export type NewStaff = components['schemas']['NewStaffRequest']
