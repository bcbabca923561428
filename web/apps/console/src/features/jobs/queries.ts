// What the calendar makes each service do.
import { unwrap } from '@yuanhang/api'
import { useQuery } from '@tanstack/vue-query'
import type { Ref } from 'vue'
import { bank } from '../../frame/bank'
import { whileThere } from '../../frame/polling'
import type { Service } from './services'

/** The jobs of a service, asked again every `everyMs` while somebody is there; `false` asks once. */
export function useJobs(service: Service, everyMs: Ref<number | false>) {
  return useQuery({
    queryKey: ['jobs', service],
    queryFn: () => unwrap(bank.GET(`/api/${service}/console/jobs`)),
    refetchInterval: whileThere(everyMs),
    // A poll that fails is followed by the next poll.
    retry: false,
  })
}
