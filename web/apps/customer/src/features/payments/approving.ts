// An order that waits for the person's approval: followed, sent once it is there, taken back when the person leaves.
import { computed, onBeforeUnmount, watch } from 'vue'
import { isRefusal, Refusal, type Api } from '@yuanhang/api'
import { refuseApproval, useApproval, useShownApproval } from '@yuanhang/session'
import type { useSending } from './sending'

/** What the person hears of an approval that is not to be had any more. */
const ENDS: Record<string, string> = { refused: 'approval_refused', expired: 'approval_expired' }

/** Calls `approved` once per order; `here` shows the approval in this browser, `giveUp` takes the order back. */
export function useApproving(api: Api, sending: ReturnType<typeof useSending>, approved: () => void) {
  const shown = useShownApproval()
  const approval = useApproval(computed(() => sending.approval.value?.id ?? ''))

  watch(() => approval.data.value?.state, (state) => {
    if (sending.state.value !== 'approval' || state === undefined || state === 'waiting') return
    if (state === 'approved') approved()
    else sending.end(new Refusal(ENDS[state] ?? 'approval_over', 409, ''))
  })
  watch(approval.error, (error) => {
    if (sending.state.value === 'approval' && isRefusal(error) && !error.unclear) sending.end(error)
  })

  function here(): void {
    shown.value = sending.approval.value?.id ?? ''
  }
  function giveUp(): void {
    const id = sending.approval.value?.id
    // What nobody will send is not to be approved; if this does not arrive, it expires.
    if (id && sending.state.value === 'approval') void refuseApproval(api, id).catch(() => undefined)
    if (!sending.busy.value && !sending.unclear.value) sending.forget()
  }
  onBeforeUnmount(giveUp)
  return { here, giveUp }
}
