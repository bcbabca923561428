// How the news of each service is getting on, and replaying what was set aside.
import { unwrap } from '@yuanhang/api'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/vue-query'
import type { Ref } from 'vue'
import { bank } from '../../frame/bank'
import { whileThere } from '../../frame/polling'
import type { Service } from './services'
import type { DeadLetter } from './wire'

/** The news of a service, asked again every `everyMs` while somebody is there; `false` asks once. */
export function useNews(service: Service, everyMs: Ref<number | false>) {
  return useInfiniteQuery({
    queryKey: ['news', service],
    initialPageParam: '',
    queryFn: ({ pageParam }) => {
      const params = { query: pageParam === '' ? {} : { cursor: pageParam } }
      return unwrap(bank.GET(`/api/${service}/console/news`, { params }))
    },
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: whileThere(everyMs),
    // A poll that fails is followed by the next poll.
    retry: false,
  })
}

/** Has what was set aside relayed again. */
export function useReplay() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ service, id }: DeadLetter) =>
      unwrap(bank.POST(`/api/${service}/console/news/{id}/replay`, { params: { path: { id } } })),
    onSettled: (_done, _error, letter) => client.invalidateQueries({ queryKey: ['news', letter.service] }),
  })
}
