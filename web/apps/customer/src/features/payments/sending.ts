// The way of a confirmed transfer: one key from the confirmation on, kept until it is known what happened.
import { computed, ref } from 'vue'
import { freshKey, isRefusal, Refusal, type Api, type Transfer, type TransferOrder } from '@yuanhang/api'
import { sendTransfer } from './queries'
import { settle } from './settle'

/** How a confirmed transfer stands. */
export type Sending = 'idle' | 'sending' | 'confirming' | 'stuck' | 'done'

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

/** Sends transfers one after another; `begin` opens a new one, `send` may be repeated for the same one. */
export function useSending(api: Api) {
  const state = ref<Sending>('idle')
  const refusal = ref<unknown>()
  const transfer = ref<Transfer>()
  let key = ''
  let order: TransferOrder | undefined

  /** A person looks at new terms: whatever is sent from here on is a new transfer. */
  function begin(): void {
    key = freshKey()
    order = undefined
    state.value = 'idle'
    refusal.value = undefined
    transfer.value = undefined
  }
  /** Sends the order, or asks for the one under way when called without. */
  async function send(next?: TransferOrder): Promise<Transfer | undefined> {
    order = next ?? order
    const body = order
    if (!body || state.value === 'sending' || state.value === 'confirming') return undefined
    state.value = state.value === 'stuck' ? 'confirming' : 'sending'
    refusal.value = undefined
    try {
      transfer.value = await settle(() => sendTransfer(api, key, body), { wait, onUnclear: () => (state.value = 'confirming') })
      if (transfer.value.status === 'refused') {
        const code = transfer.value.refusal_code ?? 'unknown'
        transfer.value = undefined
        throw new Refusal(code, 409, '')
      }
      state.value = 'done'
      return transfer.value
    } catch (error) {
      refusal.value = error
      state.value = isRefusal(error) && error.unclear ? 'stuck' : 'idle'
      return undefined
    }
  }
  return {
    state, refusal, transfer, begin, send,
    busy: computed(() => state.value === 'sending'),
    unclear: computed(() => state.value === 'confirming' || state.value === 'stuck'),
  }
}
