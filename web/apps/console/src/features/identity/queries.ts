// Who is at the desk, signing in and out, the lists of staff and third parties, and customers who forgot their password.
import { isRefusal, unwrap } from '@yuanhang/api'
import { SESSION_KEY } from '@yuanhang/session'
import { makePasskey, signWithPasskey } from '@yuanhang/session/ceremony'
import { sealed } from '@yuanhang/session/sealing'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import type { Ref } from 'vue'
import { bank } from '../../frame/bank'
import type { NewStaff, NewThirdParty, Staff } from './wire'

const WAYS_KEY = ['identity', 'ways'] as const
const STAFF_KEY = ['identity', 'staff'] as const
const THIRD_PARTIES_KEY = ['identity', 'third-parties'] as const
const RECOVERIES_KEY = ['identity', 'recoveries'] as const

/** Who is at the desk; `null` for nobody. */
export const sessionQuery = queryOptions({
  queryKey: SESSION_KEY,
  queryFn: async (): Promise<Staff | null> => {
    try {
      return await unwrap(bank.GET('/api/identity/console/session'))
    } catch (error) {
      if (isRefusal(error) && error.status === 401) return null
      throw error
    }
  },
  staleTime: 60_000,
})

/** Who is at the desk. */
export function useSession() {
  return useQuery(sessionQuery)
}

/** In which ways staff of this bank sign in, besides a passkey. */
export function useSignInWays() {
  return useQuery({
    queryKey: WAYS_KEY,
    queryFn: () => unwrap(bank.GET('/api/identity/console/sign-in')),
    staleTime: Infinity,
  })
}

/** Signs in with whichever passkey of staff this browser has. */
export function usePasskeySignIn() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      const { public_key } = await unwrap(bank.POST('/api/identity/console/passkey-sign-in/options'))
      const credential = await signWithPasskey(public_key)
      return unwrap(bank.POST('/api/identity/console/passkey-sign-in', { body: { credential } }))
    },
    onSuccess: (staff) => client.setQueryData(SESSION_KEY, staff),
  })
}

/** Registers a passkey with an enrollment code, and signs in. */
export function useEnroll() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (who: { name: string; code: string }) => {
      const { public_key } = await unwrap(bank.POST('/api/identity/console/enrollment/options', { body: who }))
      const credential = await makePasskey(public_key)
      return unwrap(bank.POST('/api/identity/console/enrollment', { body: { ...who, credential } }))
    },
    onSuccess: (staff) => client.setQueryData(SESSION_KEY, staff),
  })
}

/** Signs in by staff name and password. */
export function useSignIn() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: { name: string; password: string }) =>
      unwrap(bank.POST('/api/identity/console/sign-in', { body })),
    onSuccess: (staff) => client.setQueryData(SESSION_KEY, staff),
  })
}

/** Proves that whoever is signed in is there: with their passkey, or the password that is given. */
export function useStepUp() {
  return useMutation({
    mutationFn: async (password?: string) => {
      if (password !== undefined) return unwrap(bank.POST('/api/identity/console/step-up', { body: await sealed(bank, { password }) }))
      const { public_key } = await unwrap(bank.POST('/api/identity/console/step-up/options'))
      const credential = await signWithPasskey(public_key)
      return unwrap(bank.POST('/api/identity/console/step-up', { body: { credential } }))
    },
  })
}

/** Ends the session; what was read under it is forgotten. */
export function useSignOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => unwrap(bank.POST('/api/identity/console/sign-out')),
    onSuccess: () => {
      client.clear()
      client.setQueryData(SESSION_KEY, null)
    },
  })
}

/** Everybody who may sign in to the console; asked only where `allowed`. */
export function useStaffList(allowed: Ref<boolean>) {
  return useQuery({
    queryKey: STAFF_KEY,
    enabled: allowed,
    queryFn: async () => (await unwrap(bank.GET('/api/identity/console/staff'))).staff,
  })
}

/** Adds a member of staff; the answer has their enrollment code. */
export function useAddStaff() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewStaff) => unwrap(bank.POST('/api/identity/console/staff', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: STAFF_KEY }),
  })
}

/** Gives a member of staff a new enrollment code; their passkey and their sessions are gone. */
export function useEnrollAgain() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => unwrap(bank.POST('/api/identity/console/staff/{id}/enrollment', { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: STAFF_KEY }),
  })
}

/** Removes a member of staff. */
export function useRemoveStaff() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => unwrap(bank.DELETE('/api/identity/console/staff/{id}', { params: { path: { id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: STAFF_KEY }),
  })
}

/** Who waits for a new password of `customer`; asked only where `allowed`. */
export function useRecoveries(customer: Ref<string>, allowed: Ref<boolean>) {
  return useQuery({
    queryKey: [...RECOVERIES_KEY, customer],
    enabled: allowed,
    queryFn: async () => {
      const params = { path: { customer_id: customer.value } }
      return (await unwrap(bank.GET('/api/identity/console/customers/{customer_id}/recoveries', { params }))).recoveries
    },
  })
}

/** Says that the customer is here with documents; the second one who does ends the waiting. */
export function useVouch(customer: Ref<string>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => {
      const params = { path: { customer_id: customer.value, recovery_id: id } }
      return unwrap(bank.POST('/api/identity/console/customers/{customer_id}/recoveries/{recovery_id}/vouch', { params }))
    },
    onSettled: () => client.invalidateQueries({ queryKey: RECOVERIES_KEY }),
  })
}

/** All third parties; asked only where `allowed`. */
export function useThirdParties(allowed: Ref<boolean>) {
  return useQuery({
    queryKey: THIRD_PARTIES_KEY,
    enabled: allowed,
    queryFn: async () => (await unwrap(bank.GET('/api/identity/console/third-parties'))).third_parties,
  })
}

/** Registers a third party. */
export function useAddThirdParty() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewThirdParty) => unwrap(bank.POST('/api/identity/console/third-parties', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: THIRD_PARTIES_KEY }),
  })
}

/** Removes a third party; its tokens end at once. */
export function useRemoveThirdParty() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => {
      const params = { path: { third_party_id: id } }
      return unwrap(bank.DELETE('/api/identity/console/third-parties/{third_party_id}', { params }))
    },
    onSettled: () => client.invalidateQueries({ queryKey: THIRD_PARTIES_KEY }),
  })
}

/** Registers a further key of a third party. */
export function useAddThirdPartyKey() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, key }: { id: string; key: string }) => {
      const params = { path: { third_party_id: id } }
      return unwrap(bank.POST('/api/identity/console/third-parties/{third_party_id}/keys', { params, body: { key } }))
    },
    onSuccess: () => client.invalidateQueries({ queryKey: THIRD_PARTIES_KEY }),
  })
}

/** Takes a key of a third party away; its tokens end at once. */
export function useRemoveThirdPartyKey() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, thumbprint }: { id: string; thumbprint: string }) => {
      const params = { path: { third_party_id: id, thumbprint } }
      return unwrap(bank.DELETE('/api/identity/console/third-parties/{third_party_id}/keys/{thumbprint}', { params }))
    },
    onSettled: () => client.invalidateQueries({ queryKey: THIRD_PARTIES_KEY }),
  })
}
