// How often a page asks by itself: what nobody looks at must not keep a session alive.
import { usePresence } from '@yuanhang/session'
import { computed, toValue, type ComputedRef, type MaybeRefOrGetter } from 'vue'

/** `everyMs` while somebody is at the page, `false` otherwise. */
export function whileThere(everyMs: MaybeRefOrGetter<number | false>): ComputedRef<number | false> {
  const present = usePresence()
  return computed(() => (present.value ? toValue(everyMs) : false))
}
