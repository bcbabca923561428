// The state of the book, its verification and its business date.
import { unwrap } from '@yuanhang/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import type { Ref } from 'vue'
import { bank } from '../../frame/bank'
import { whileThere } from '../../frame/polling'

/** How the book stands, asked again every `everyMs` while somebody is there; `false` asks once. */
export function useLedgerStatus(everyMs: Ref<number | false>) {
  return useQuery({
    queryKey: ['ledger', 'status'],
    queryFn: () => unwrap(bank.GET('/api/ledger/console/status')),
    refetchInterval: whileThere(everyMs),
    staleTime: 1000,
    // A poll that fails is followed by the next poll; trying in between would only add to the trouble.
    retry: false,
  })
}

/** Reads the whole journal and checks it. */
export function useVerify() {
  return useMutation({
    mutationFn: async () => {
      const found = await unwrap(bank.POST('/api/ledger/console/verify'))
      return { ...found, finishedAt: new Date().toISOString() }
    },
  })
}

/** The business date. */
export function useBusinessDate() {
  return useQuery({
    queryKey: ['ledger', 'business-date'],
    queryFn: () => unwrap(bank.GET('/api/ledger/console/business-date')),
  })
}

/** Moves the business date forward. */
export function useAdvance() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (to: string) => unwrap(bank.POST('/api/ledger/console/business-date', { body: { to } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['ledger'] }),
  })
}
