// What the pages of identity ask of the bank.
import { computed, type Ref } from 'vue'
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { freshKey, unwrap, type Session } from '@yuanhang/api'
import { ACCOUNTS_KEY, APPROVALS_KEY, approvalKey, refuseApproval, SESSION_KEY, useApi, useSession } from '@yuanhang/session'
import { makePasskey, signWithPasskey } from '@yuanhang/session/ceremony'
import { sealed } from '@yuanhang/session/sealing'
import { signApproval } from './approvals'

const SESSIONS_KEY = ['sessions'] as const
const DEVICES_KEY = ['devices'] as const
const PASSKEYS_KEY = ['passkeys'] as const
const RECOVERIES_KEY = ['recoveries'] as const
const SIGN_INS_KEY = ['sign-ins'] as const

/** A version of a document that was agreed to. */
export type AgreedVersion = { document: 'terms' | 'privacy'; version: string }

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
    mutationFn: async ({ password, ...rest }: { name: string; password?: string; code?: string; totp?: string }) => {
      const body = password === undefined ? rest : { ...rest, ...(await sealed(api, { password })) }
      return unwrap(api.POST('/api/identity/sign-in', { body }))
    },
    onSuccess: useArrival(),
  })
}

export function useSignUp() {
  const api = useApi()
  return useMutation({
    mutationFn: async ({ password, ...rest }: { phone: string; code: string; name: string; id_number: string; password: string; agreed: AgreedVersion[] }) =>
      unwrap(api.POST('/api/identity/sign-up', { body: { ...rest, ...(await sealed(api, { password })) } })),
    onSuccess: useArrival(),
  })
}

/** This page is that of a tablet of a branch from now on. */
export function useTabletClaim() {
  const api = useApi()
  return useMutation({ mutationFn: (code: string) => unwrap(api.POST('/api/identity/tablet', { body: { code } })) })
}

/** Sets a new password; or answers from when to ask again. */
export function usePasswordReset() {
  const api = useApi()
  return useMutation({
    mutationFn: async ({ password, ...rest }: { phone: string; code: string; id_number: string; password: string }) =>
      (await unwrap(api.POST('/api/identity/password-resets', { body: { ...rest, ...(await sealed(api, { password })) } }))) ?? null,
  })
}

/** Who waits for a new password of the person. */
export function useRecoveries() {
  const api = useApi()
  const session = useSession()
  const enabled = computed(() => Boolean(session.data.value))
  return useQuery({ queryKey: RECOVERIES_KEY, enabled, staleTime: 60_000, queryFn: async () => (await unwrap(api.GET('/api/identity/recoveries'))).recoveries })
}

export function useRecoveryRefusal() {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: () => unwrap(api.DELETE('/api/identity/recoveries')),
    onSuccess: () => answers.invalidateQueries({ queryKey: RECOVERIES_KEY }),
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
    mutationFn: async (secrets: { password: string; pin: string }) =>
      unwrap(api.PUT('/api/identity/pin', { body: await sealed(api, secrets) })),
    onSuccess: () => answers.invalidateQueries({ queryKey: SESSION_KEY }),
  })
}

/** Replaces the password: with the old one, or with a passkey where none is given. */
export function usePasswordChange() {
  const api = useApi()
  return useMutation({
    mutationFn: async ({ old, new: chosen }: { old?: string; new: string }) => {
      if (old !== undefined) return unwrap(api.PUT('/api/identity/password', { body: await sealed(api, { old, new: chosen }) }))
      const { public_key } = await unwrap(api.POST('/api/identity/step-up/options'))
      const credential = await signWithPasskey(public_key)
      return unwrap(api.PUT('/api/identity/password', { body: { credential, ...(await sealed(api, { new: chosen })) } }))
    },
  })
}

/** A code that signs this page in. */
export function useScanBegin() {
  const api = useApi()
  return useMutation({ mutationFn: () => unwrap(api.POST('/api/identity/scans')) })
}

/** How far the scan is; the session once the owner of the phone approved. */
export function useScanEntry() {
  const api = useApi()
  const arrive = useArrival()
  return useMutation({
    mutationFn: (id: string) => unwrap(api.POST('/api/identity/scans/{id}/session', { params: { path: { id } } })),
    onSuccess: (seen) => {
      if ('session_id' in seen) arrive(seen)
    },
  })
}

/** The phone has read a code. */
export function useScanTaking() {
  const api = useApi()
  return useMutation({ mutationFn: (code: string) => unwrap(api.POST('/api/identity/scans/taken', { body: { code } })) })
}

export function useScanDecision() {
  const api = useApi()
  const approve = useMutation({
    mutationFn: ({ id, number }: { id: string; number: number }) =>
      unwrap(api.POST('/api/identity/scans/{id}/approval', { params: { path: { id } }, body: { number } })),
  })
  const refuse = useMutation({ mutationFn: (id: string) => unwrap(api.POST('/api/identity/scans/{id}/refusal', { params: { path: { id } } })) })
  return { approve, refuse }
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

/** Signs in whoever a passkey of this browser belongs to. */
export function usePasskeySignIn() {
  const api = useApi()
  return useMutation({
    mutationFn: async () => {
      const { public_key } = await unwrap(api.POST('/api/identity/passkeys/sign-in/options'))
      const credential = await signWithPasskey(public_key)
      return unwrap(api.POST('/api/identity/passkeys/sign-in', { body: { credential } }))
    },
    onSuccess: useArrival(),
  })
}

export function usePasskeys() {
  const api = useApi()
  return useQuery({ queryKey: PASSKEYS_KEY, queryFn: async () => (await unwrap(api.GET('/api/identity/passkeys'))).passkeys })
}

export function usePasskeyAdd() {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      const { public_key } = await unwrap(api.POST('/api/identity/passkeys/options'))
      const credential = await makePasskey(public_key)
      return unwrap(api.POST('/api/identity/passkeys', { body: { credential } }))
    },
    onSettled: () => answers.invalidateQueries({ queryKey: PASSKEYS_KEY }),
  })
}

export function usePasskeyRemoval() {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE('/api/identity/passkeys/{id}', { params: { path: { id } } })),
    onSettled: () => answers.invalidateQueries({ queryKey: PASSKEYS_KEY }),
  })
}

/** Proves that the person is there: with what is given, or with a passkey where nothing is. */
export function useStepUp() {
  const api = useApi()
  return useMutation({
    mutationFn: async (given?: { password: string } | { totp: string }) => {
      if (given) return unwrap(api.POST('/api/identity/step-up', { body: 'password' in given ? await sealed(api, given) : given }))
      const { public_key } = await unwrap(api.POST('/api/identity/step-up/options'))
      const credential = await signWithPasskey(public_key)
      return unwrap(api.POST('/api/identity/step-up', { body: { credential } }))
    },
  })
}

export function useSignIns() {
  const api = useApi()
  return useInfiniteQuery({
    queryKey: SIGN_INS_KEY,
    queryFn: ({ pageParam }) => unwrap(api.GET('/api/identity/sign-ins', { params: { query: pageParam ? { before: pageParam } : {} } })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  })
}

export function useDevices() {
  const api = useApi()
  return useQuery({ queryKey: DEVICES_KEY, queryFn: async () => (await unwrap(api.GET('/api/identity/devices'))).devices })
}

export function useDeviceRemoval() {
  const api = useApi()
  const answers = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE('/api/identity/devices/{id}', { params: { path: { id } } })),
    onSettled: () => Promise.all([answers.invalidateQueries({ queryKey: DEVICES_KEY }), answers.invalidateQueries({ queryKey: SESSIONS_KEY })]),
  })
}

/** What waits for the customer's approval, the oldest first; asked for anew `every` so many milliseconds while the page is seen. */
export function useApprovals(every?: Ref<number | false>) {
  const api = useApi()
  const session = useSession()
  return useQuery({
    queryKey: APPROVALS_KEY,
    // Approving is for the person's own phone, not for a tablet that others use next.
    enabled: computed(() => Boolean(session.data.value) && session.data.value?.channel !== 'branch'),
    queryFn: async () => (await unwrap(api.GET('/api/identity/approvals'))).approvals,
    ...(every ? { refetchInterval: every } : {}),
  })
}

/** Says yes, with a passkey and to exactly the text that was shown, or no. */
export function useApprovalDecision() {
  const api = useApi()
  const answers = useQueryClient()
  const onSettled = () => answers.invalidateQueries({ queryKey: APPROVALS_KEY })
  const approve = useMutation({
    mutationFn: async ({ id, act }: { id: string; act: string }) => {
      const params = { path: { id } }
      const { public_key } = await unwrap(api.POST('/api/identity/approvals/{id}/options', { params }))
      const credential = await signApproval(act, public_key)
      return unwrap(api.POST('/api/identity/approvals/{id}', { params, body: { credential } }))
    },
    onSuccess: (approval) => answers.setQueryData(approvalKey(approval.id), approval),
    onSettled,
  })
  const refuse = useMutation({ mutationFn: (id: string) => refuseApproval(api, id), onSettled })
  return { approve, refuse }
}
