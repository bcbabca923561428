// What needs a proof that the person is there: tried first, and once more when the proof was given.
import { ref } from 'vue'
import { isRefusal } from '@yuanhang/api'

/** How a person can prove to be there, what proves most first. */
export type Way = 'passkey' | 'totp' | 'password'

/** `run` does what was asked; the sheet is shown while `asking`, and says `proved` when it is done. */
export function useProof() {
  const asking = ref(false)
  const ways = ref<Way[]>([])
  let waiting: (() => Promise<unknown>) | undefined

  async function run(act: () => Promise<unknown>): Promise<void> {
    try {
      await act()
    } catch (error) {
      if (!isRefusal(error, 'step_up_needed')) return
      ways.value = (error.extra['ways'] as Way[] | undefined) ?? ['password']
      waiting = act
      asking.value = true
    }
  }
  async function proved(): Promise<void> {
    asking.value = false
    const act = waiting
    waiting = undefined
    if (act) await run(act)
  }
  return { asking, ways, run, proved }
}
