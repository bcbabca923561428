// What takes two pairs of eyes, and emergencies.
import { unwrap } from '@yuanhang/api'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import type { Ref } from 'vue'
import { bank, sendAgain } from '../../frame/bank'
import { whileThere } from '../../frame/polling'
import type { Countersignature, NewEmergency } from './wire'

const INBOX_KEY = ['identity', 'countersignatures'] as const
const EMERGENCIES_KEY = ['identity', 'emergencies'] as const
const INBOX_POLL_MS = 10_000
const EMERGENCIES_POLL_MS = 15_000
const WAIT_POLL_MS = 2_000

/** What waits for the one at the desk, what they asked and what they decided; asked only where `allowed`. */
export function useCountersignatures(allowed: Ref<boolean>) {
  return useQuery({
    queryKey: INBOX_KEY,
    enabled: allowed,
    refetchInterval: whileThere(INBOX_POLL_MS),
    queryFn: async () => (await unwrap(bank.GET('/api/identity/console/countersignatures'))).countersignatures,
  })
}

/** How far one is; asked again and again while there is an id. */
export function useCountersignature(id: Ref<string>) {
  return useQuery({
    queryKey: [...INBOX_KEY, id],
    enabled: () => id.value !== '',
    refetchInterval: whileThere(WAIT_POLL_MS),
    queryFn: () => {
      const params = { path: { countersignature_id: id.value } }
      return unwrap(bank.GET('/api/identity/console/countersignatures/{countersignature_id}', { params }))
    },
  })
}

/** What is done about one: countersigned or refused by another, taken back or carried out by whoever asked. */
export type Deed = 'countersign' | 'refuse' | 'withdraw' | 'carryOut'

/** Does it; tells what was answered where something was carried out. */
export function useDecide() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ one, deed }: { one: Pick<Countersignature, 'id' | 'method' | 'path' | 'body'>; deed: Deed }): Promise<unknown> => {
      if (deed === 'carryOut') return sendAgain(one.method, one.path, one.body ?? undefined)
      const params = { path: { countersignature_id: one.id } }
      if (deed === 'countersign') await unwrap(bank.POST('/api/identity/console/countersignatures/{countersignature_id}', { params }))
      else if (deed === 'refuse') await unwrap(bank.POST('/api/identity/console/countersignatures/{countersignature_id}/refuse', { params }))
      else await unwrap(bank.DELETE('/api/identity/console/countersignatures/{countersignature_id}', { params }))
      return undefined
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['identity'] }),
  })
}

/** Emergencies; asked only where `allowed`. */
export function useEmergencies(allowed: Ref<boolean>) {
  return useQuery({
    queryKey: EMERGENCIES_KEY,
    enabled: allowed,
    refetchInterval: whileThere(EMERGENCIES_POLL_MS),
    queryFn: () => unwrap(bank.GET('/api/identity/console/emergencies')),
  })
}

/** Declares an emergency. */
export function useBeginEmergency() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewEmergency) => unwrap(bank.POST('/api/identity/console/emergencies', { body })),
    onSettled: () => client.invalidateQueries({ queryKey: EMERGENCIES_KEY }),
  })
}

/** Ends one's own. */
export function useEndEmergency() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => {
      const params = { path: { emergency_id: id } }
      return unwrap(bank.DELETE('/api/identity/console/emergencies/{emergency_id}', { params }))
    },
    onSettled: () => client.invalidateQueries({ queryKey: EMERGENCIES_KEY }),
  })
}

/** Says what one found who looked at another's. */
export function useReviewEmergency() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, justified }: { id: string; justified: boolean }) => {
      const params = { path: { emergency_id: id } }
      return unwrap(bank.POST('/api/identity/console/emergencies/{emergency_id}/review', { params, body: { justified } }))
    },
    onSettled: () => client.invalidateQueries({ queryKey: EMERGENCIES_KEY }),
  })
}
