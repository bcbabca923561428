// The audit record, newest first, older pages on demand; and its proofs.
import { unwrap } from '@yuanhang/api'
import { useInfiniteQuery, useMutation } from '@tanstack/vue-query'
import type { Ref } from 'vue'
import { bank } from '../../frame/bank'
import { asked, type Wanted } from './parts'

/** The records that are wanted. */
export function useRecords(wanted: Ref<Wanted>) {
  return useInfiniteQuery({
    queryKey: ['audit', wanted],
    initialPageParam: -1,
    queryFn: ({ pageParam }) => {
      const cursor = pageParam < 0 ? {} : { cursor: pageParam }
      const params = { query: { ...asked(wanted.value), ...cursor } }
      return unwrap(bank.GET('/api/audit/console/records', { params }))
    },
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    // Each look is recorded: nothing is asked again by itself.
    refetchOnWindowFocus: false,
    retry: false,
  })
}

/** Fetches the proof of a record, as text. */
export function useProof() {
  return useMutation({
    mutationFn: (number: number) =>
      unwrap(bank.GET('/api/audit/console/records/{number}/proof', { params: { path: { number } } })),
  })
}
