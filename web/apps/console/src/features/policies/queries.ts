// The policies in force, and what changed ones would do.
import { unwrap } from '@yuanhang/api'
import { useMutation, useQuery } from '@tanstack/vue-query'
import { bank } from '../../frame/bank'

/** The policies in force. */
export function usePolicies() {
  return useQuery({
    queryKey: ['policies'],
    queryFn: () => unwrap(bank.GET('/api/gateway/console/policies')),
    // What is edited here is not exchanged underneath.
    refetchOnWindowFocus: false,
  })
}

/** Tries a file in the place of the one of its name; changes nothing. */
export function useTrial() {
  return useMutation({
    mutationFn: (file: { name: string; text: string }) =>
      unwrap(bank.POST('/api/gateway/console/policies/trial', { body: file })),
  })
}
