// Policies as the bank describes them to staff.
import type { components } from '@yuanhang/api'

/** The policies in force. */
export type Policies = components['schemas']['PoliciesView']
/** A group of actions. */
export type Group = components['schemas']['GroupView']
/** A policy. */
export type Policy = components['schemas']['PolicyView']
/** Something wrong in a file. */
export type Fault = components['schemas']['FaultView']
/** What a changed file would do. */
export type Trial = components['schemas']['TrialView']
/** Something that would change. */
export type Change = components['schemas']['ChangeView']
