// Which role the one at the desk has, handed down by the shell.
import { computed, inject, type ComputedRef, type InjectionKey } from 'vue'
import { useI18n } from 'vue-i18n'

/** A role of staff, least first; each includes the ones before it. */
export const ROLES = ['viewer', 'operator', 'administrator'] as const

/** A role of staff. */
export type Role = (typeof ROLES)[number]

/** Whether `role` includes what `needed` may do; an unknown role includes nothing. */
export function includes(role: string | undefined, needed: Role): boolean {
  const rank = ROLES.findIndex((known) => known === role)
  return rank >= 0 && rank >= ROLES.indexOf(needed)
}

/** The one at the desk. */
export interface AtDesk {
  id: string
  name: string
  role: string
}

/** Under which the shell provides who is at the desk. */
export const atDeskKey: InjectionKey<ComputedRef<AtDesk | null>> = Symbol('at desk')

/** Under which the shell provides the names of staff by id, as far as the role may know them. */
export const staffNamesKey: InjectionKey<ComputedRef<ReadonlyMap<string, string>>> = Symbol('names of staff')

/** Who is at the desk. */
export function useDesk() {
  const { t } = useI18n()
  const atDesk = inject(atDeskKey, computed(() => null))
  const names = inject(staffNamesKey, computed(() => new Map<string, string>()))
  return {
    atDesk,
    /** Whether the one at the desk may do what `needed` may. */
    may: (needed: Role) => includes(atDesk.value?.role, needed),
    /** The name of a member of staff; the end of the id where the role may not know it. */
    staffName: (id: string) => names.value.get(id) ?? t('frame.staffOf', { end: id.slice(-6) }),
  }
}
