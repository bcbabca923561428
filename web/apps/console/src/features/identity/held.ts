// Waiting after too many tries: the seconds that are left, told every second.
import { onBeforeUnmount, ref, type Ref } from 'vue'

/** The seconds that are left, and how to begin counting; `over` is called when they are. */
export function useHeld(over: () => void): { left: Ref<number>; hold: (seconds: number) => void } {
  const left = ref(0)
  let ticking: ReturnType<typeof setInterval> | undefined
  function hold(seconds: number) {
    left.value = seconds
    clearInterval(ticking)
    ticking = setInterval(() => {
      left.value -= 1
      if (left.value > 0) return
      clearInterval(ticking)
      over()
    }, 1000)
  }
  onBeforeUnmount(() => clearInterval(ticking))
  return { left, hold }
}
