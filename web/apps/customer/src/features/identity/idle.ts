// When nobody has touched a page for a while that others use next.
import { onScopeDispose, ref, watch, type Ref } from 'vue'

const SIGNS = ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const
const SECOND_MS = 1000

/** Seconds until nobody was there for `afterS`; counted only where that is set. `touched` is called with each sign of somebody. */
export function useIdle(afterS: Ref<number | undefined>, touched: () => void): Ref<number | undefined> {
  const left = ref<number>()
  let last = 0
  let timer: ReturnType<typeof setInterval> | undefined
  function count(): void {
    const after = afterS.value
    left.value = after === undefined ? undefined : Math.max(0, Math.ceil(after - (Date.now() - last) / SECOND_MS))
  }
  function notice(): void {
    // Who comes back when the time is over finds the page closed.
    if (left.value === 0) return
    last = Date.now()
    count()
    touched()
  }
  function stop(): void {
    clearInterval(timer)
    for (const sign of SIGNS) document.removeEventListener(sign, notice)
  }
  watch(afterS, (after) => {
    stop()
    left.value = undefined
    if (after === undefined) return
    last = Date.now()
    count()
    timer = setInterval(count, SECOND_MS)
    for (const sign of SIGNS) document.addEventListener(sign, notice, { passive: true })
  }, { immediate: true })
  onScopeDispose(stop)
  return left
}
