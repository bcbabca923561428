// Staff as the bank describes them.
import type { components } from '@yuanhang/api'

/** A member of staff. */
export type Staff = components['schemas']['StaffView']
/** Somebody to add. */
export type NewStaff = components['schemas']['NewStaffRequest']
