// What the pages of identity ask of the bank.
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { freshKey, unwrap, type Session } from '@yuanhang/api'
import { ACCOUNTS_KEY, SESSION_KEY, useApi } from '@yuanhang/session'

const SESSIONS_KEY = ['sessions'] as const

/** What a one-time code is wanted for. */
export type CodePurpose = 'sign_up' | 'sign_in' | 'reset_password'

export function useCodeRequest() {
  const api = useApi()
  return useMutation({
    mutationFn: (body: { phone: string; purpose: CodePurpose }) => unwrap(api.POST('/api/identity/codes', { body })),
  })
}

/** Nothing of the person before stays when somebody signs in. */
function useArrival() {
  const answers = useQueryClient()
  return (session: Session) => {
    answers.clear()
    answers.setQueryData(SESSION_KEY, session)
  }
}

export function useSignIn() {
  const api = useApi()
  return useMutation({
    mutationFn: (body: { name: string; password?: string; code?: string }) => unwrap(api.POST('/api/identity/sign-in', { body })),
    onSuccess: useArrival(),
  })
}

export function useSignUp() {
  const api = useApi()
  return useMutation({
    mutationFn: (body: { phone: string; code: string; name: string; id_number: string; password: string }) =>
      unwrap(api.POST('/api/identity/sign-up', { body })),
    onSuccess: useArrival(),
  })
}

export function usePasswordReset() {
  const api = useApi()
  return useMutation({
    mutationFn: (body: { phone: string; code: string; password: string }) => unwrap(api.POST('/api/identity/password-resets', { body })),
  })
}

export function useSessions() {
  const api = useApi()
  return useQuery({ queryKey: SESSIONS_KEY, queryFn: async () => (await unwrap(api.GET('/api/identity/sessions'))).sessions })
}

export function useSessionEnd() {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE('/api/identity/sessions/{id}', { params: { path: { id } } })),
    onSettled: () => answers.invalidateQueries({ queryKey: SESSIONS_KEY }),
  })
}

export function usePinChange() {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: (body: { password: string; pin: string }) => unwrap(api.PUT('/api/identity/pin', { body })),
    onSuccess: () => answers.invalidateQueries({ queryKey: SESSION_KEY }),
  })
}

export function usePasswordChange() {
  const api = useApi()
  return useMutation({ mutationFn: (body: { old: string; new: string }) => unwrap(api.PUT('/api/identity/password', { body })) })
}

/** Opens the first account; the key makes a repeated press the same opening. */
export function useFirstAccount() {
  const api = useApi()
  const answers = useQueryClient()
  const id = freshKey()
  return useMutation({
    mutationFn: () => unwrap(api.POST('/api/accounts', { body: { id, currency: 'CNY' } })),
    onSuccess: () => answers.invalidateQueries({ queryKey: ACCOUNTS_KEY }),
  })
}
