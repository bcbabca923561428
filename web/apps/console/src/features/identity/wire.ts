// Staff, third parties and tablets as the bank describes them.
import type { components } from '@yuanhang/api'

/** A member of staff. */
export type Staff = components['schemas']['StaffView']
/** A member of staff with a code to register a passkey. */
export type StaffEnrollment = components['schemas']['StaffEnrollmentView']
/** Somebody who waits for a new password. */
export type Recovery = components['schemas']['ConsoleRecovery']
/** A third party. */
export type ThirdParty = components['schemas']['ThirdPartyView']
/** A third party to register. */
export type NewThirdParty = components['schemas']['NewThirdPartyRequest']
/** A tablet that stands in a branch. */
export type Tablet = components['schemas']['TabletView']
/** Somebody to add. */
export type NewStaff = components['schemas']['NewStaffRequest']
/** Something that takes a second pair of eyes. */
export type Countersignature = components['schemas']['CountersignatureView']
/** An emergency. */
export type Emergency = components['schemas']['EmergencyView']
/** Why there is one. */
export type NewEmergency = components['schemas']['EmergencyRequest']
