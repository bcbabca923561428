// Whether a person is at this page: what it asks by itself must not keep a session alive that nobody uses.
import { onScopeDispose, ref, type Ref } from 'vue'

/** How long a person is taken to be there after the last sign of them; shorter than a session idles. */
const AWAY_AFTER_MS = 10 * 60_000
const SIGNS = ['pointerdown', 'keydown', 'visibilitychange'] as const

/** False once nothing was touched for a while, true again with the next touch. */
export function usePresence(): Ref<boolean> {
  const present = ref(true)
  let timer: ReturnType<typeof setTimeout> | undefined
  function notice(): void {
    present.value = true
    clearTimeout(timer)
    timer = setTimeout(() => (present.value = false), AWAY_AFTER_MS)
  }
  notice()
  for (const sign of SIGNS) document.addEventListener(sign, notice)
  onScopeDispose(() => {
    clearTimeout(timer)
    for (const sign of SIGNS) document.removeEventListener(sign, notice)
  })
  return present
}
