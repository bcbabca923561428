// What the pages about the authenticator app ask of the bank.
import { unwrap } from '@yuanhang/api'
import { useApi } from '@yuanhang/session'
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'

const TOTP_KEY = ['totp'] as const

/** The person's authenticator app, where there is one. */
export function useTotp() {
  const api = useApi()
  return useQuery({ queryKey: TOTP_KEY, queryFn: () => unwrap(api.GET('/api/identity/totp')) })
}

/** A new secret for an app, shown once. */
export function useTotpSecret() {
  const api = useApi()
  return useMutation({ mutationFn: () => unwrap(api.POST('/api/identity/totp/secret')) })
}

/** Puts in force what was shown, by a code of it. */
export function useTotpConfirmation() {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: (code: string) => unwrap(api.POST('/api/identity/totp', { body: { code } })),
    onSettled: () => answers.invalidateQueries({ queryKey: TOTP_KEY }),
  })
}

export function useTotpRemoval() {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: () => unwrap(api.DELETE('/api/identity/totp')),
    onSettled: () => answers.invalidateQueries({ queryKey: TOTP_KEY }),
  })
}
