// The session of the person in front of the page; `null` while nobody is signed in.
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { isRefusal, unwrap, type Api, type Session } from '@yuanhang/api'
import { useApi } from './door'

/** The name under which the session is kept among the server's answers. */
export const SESSION_KEY = ['session'] as const

/** Asks who is signed in. */
export async function fetchSession(api: Api): Promise<Session | null> {
  try {
    return await unwrap(api.GET('/api/identity/session'))
  } catch (error) {
    if (isRefusal(error) && error.status === 401) return null
    throw error
  }
}

/** The session as a query. */
export function useSession() {
  const api = useApi()
  return useQuery({ queryKey: SESSION_KEY, queryFn: () => fetchSession(api), staleTime: 60_000 })
}

/** Signs out; nothing of the person stays in the page, also when the bank could not be told. */
export function useSignOut() {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: () => unwrap(api.POST('/api/identity/sign-out')),
    onSettled: () => {
      answers.clear()
      answers.setQueryData(SESSION_KEY, null)
    },
  })
}
