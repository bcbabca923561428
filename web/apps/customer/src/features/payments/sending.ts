// The way of a confirmed transfer: one key from the confirmation on, kept until it is known what happened.
import { computed, ref } from 'vue'
import { freshKey, isRefusal, Refusal, type Api, type Transfer, type TransferOrder } from '@yuanhang/api'
import { sendTransfer } from './queries'
import { settle } from './settle'

/** How a confirmed transfer stands; `over` may only be begun anew. */
export type Sending = 'idle' | 'sending' | 'confirming' | 'stuck' | 'approval' | 'over' | 'done'

/** What the bank wants before it carries out an order. */
export interface ApprovalNeeded {
  id: string
  /** Instant, RFC 3339. */
  expiresAt: string
}

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

function approvalNeeded(error: unknown): ApprovalNeeded | undefined {
  if (!isRefusal(error, 'approval_needed')) return undefined
  const { approval_id: id, expires_at: expiresAt } = error.extra
  return typeof id === 'string' && typeof expiresAt === 'string' ? { id, expiresAt } : undefined
}

/** Sends transfers one after another; `begin` opens a new one, `send` may be repeated for the same one. */
export function useSending(api: Api) {
  const state = ref<Sending>('idle')
  const refusal = ref<unknown>()
  const transfer = ref<Transfer>()
  const approval = ref<ApprovalNeeded>()
  let key = ''
  /** Holds the PIN, and stays only while it may have to be sent again. */
  let order: TransferOrder | undefined

  /** A person looks at new terms: whatever is sent from here on is a new transfer. */
  function begin(): void {
    key = freshKey()
    forget()
    state.value = 'idle'
    refusal.value = undefined
    transfer.value = undefined
  }
  /** The order is not sent any more. */
  function forget(): void {
    order = undefined
    approval.value = undefined
  }
  /** The order came to nothing while it waited for approval. */
  function end(error: unknown): void {
    forget()
    refusal.value = error
    state.value = 'over'
  }
  /** Sends the order, or asks for the one under way when called without; once approved, with its approval. */
  async function send(next?: TransferOrder): Promise<Transfer | undefined> {
    order = next ?? order
    if (!order || state.value === 'sending' || state.value === 'confirming') return undefined
    const body = approval.value ? { ...order, approval_id: approval.value.id } : order
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
      forget()
      return transfer.value
    } catch (error) {
      const needed = approvalNeeded(error)
      if (needed && !approval.value) {
        approval.value = needed
        state.value = 'approval'
      } else if (isRefusal(error) && error.unclear) {
        refusal.value = error
        state.value = 'stuck'
      } else if (approval.value) end(error)
      else {
        forget()
        refusal.value = error
        state.value = 'idle'
      }
      return undefined
    }
  }
  return {
    state, refusal, transfer, approval, begin, send, end, forget,
    busy: computed(() => state.value === 'sending'),
    unclear: computed(() => state.value === 'confirming' || state.value === 'stuck'),
    over: computed(() => state.value === 'over'),
  }
}
