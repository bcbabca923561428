// The outbox, newest first, older pages on demand.
import { unwrap } from '@yuanhang/api'
import { useInfiniteQuery } from '@tanstack/vue-query'
import type { Ref } from 'vue'
import { bank } from '../../frame/bank'
import { whileThere } from '../../frame/polling'

/** Messages, asked again every `everyMs` while somebody is there; `false` asks once. */
export function useOutbox(everyMs: Ref<number | false>) {
  return useInfiniteQuery({
    queryKey: ['messages', 'outbox'],
    initialPageParam: '',
    queryFn: ({ pageParam }) => {
      const params = { query: pageParam === '' ? {} : { cursor: pageParam } }
      return unwrap(bank.GET('/api/messages/console/outbox', { params }))
    },
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: whileThere(everyMs),
    retry: false,
  })
}
