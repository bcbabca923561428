// What the bank says about its staff.
import type { Role } from '../../frame/role'

/** The one at the desk. */
export interface Staff {
  id: string
  name: string
  role: string
  expires_at?: string | null
}

/** A row of the staff list. */
export interface StaffItem {
  id: string
  name: string
  role: string
  created_at?: string | null
}

/** Somebody to add. */
export interface NewStaff {
  name: string
  password: string
  role: Role
}
