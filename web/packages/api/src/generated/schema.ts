// The bank's HTTP interface as types.

interface Json<T> { content: { 'application/json': T } }
interface Answer<T> { headers: Record<string, unknown>; content: { 'application/json': T } }
interface Nothing { headers: Record<string, unknown>; content?: never }
interface Refused { headers: Record<string, unknown>; content: { 'application/problem+json': components['schemas']['Problem'] } }
type Params<Q, P, H> = { cookie?: never } & ([Q] extends [never] ? { query?: never } : { query?: Q }) &
  ([P] extends [never] ? { path?: never } : { path: P }) & ([H] extends [never] ? { header?: never } : { header: H })
type Responses<T> = { 200: T extends void ? Nothing : Answer<T>; default: Refused }
type Get<T, Q = never, P = never> = { parameters: Params<Q, P, never>; requestBody?: never; responses: Responses<T> }
type Send<B, T, P = never, H = never> = { parameters: Params<never, P, H>; requestBody: Json<B>; responses: Responses<T> }
type Do<T, P = never> = { parameters: Params<never, P, never>; requestBody?: never; responses: Responses<T> }
type S = components['schemas']
interface Id { id: string }
interface Idempotency { 'Idempotency-Key': string }

export interface paths {
  '/api/identity/codes': { post: Send<{ phone: string; purpose: 'sign_up' | 'sign_in' | 'reset_password' }, { expires_in_s: number; resend_after_s: number }> }
  '/api/identity/sign-up': { post: Send<{ phone: string; code: string; name: string; id_number: string; password: string }, S['SessionView']> }
  '/api/identity/sign-in': { post: Send<{ name: string; password?: string; code?: string }, S['SessionView']> }
  '/api/identity/password-resets': { post: Send<{ phone: string; code: string; password: string }, void> }
  '/api/identity/session': { get: Get<S['SessionView']> }
  '/api/identity/sign-out': { post: Do<void> }
  '/api/identity/sessions': { get: Get<{ sessions: S['SessionListItem'][] }> }
  '/api/identity/sessions/{id}': { delete: Do<void, Id> }
  '/api/identity/pin': { put: Send<{ password: string; pin: string }, void> }
  '/api/identity/password': { put: Send<{ old: string; new: string }, void> }
  '/api/customers/me': { get: Get<S['CustomerView']> }
  '/api/accounts': { get: Get<S['AccountsView']>; post: Send<{ id?: string; currency: string; class?: string; nickname?: string }, S['AccountView']> }
  '/api/accounts/{id}': { get: Get<S['AccountView'], never, Id>; patch: Send<{ nickname: string }, S['AccountView'], Id> }
  '/api/accounts/{id}/close': { post: Do<void, Id> }
  '/api/accounts/{id}/reactivate': { post: Do<S['AccountView'], Id> }
  '/api/accounts/{id}/movements': { get: Get<{ movements: S['MovementView'][]; next_cursor?: string | null }, S['MovementQuery'], Id> }
  '/api/accounts/{id}/movements/{transfer_id}': { get: Get<S['MovementDetailView'], never, { id: string; transfer_id: string }> }
  '/api/accounts/{id}/authorized-persons': { get: Get<{ persons: S['AuthorizedPersonView'][] }, never, Id>; post: Send<{ phone: string; name: string; right: 'see' | 'move' }, S['AuthorizedPersonView'], Id> }
  '/api/accounts/{id}/authorized-persons/{customer_id}': { delete: Do<void, { id: string; customer_id: string }> }
  '/api/accounts/rates': { get: Get<{ currency: string; cny_rate: string }[]> }
  '/api/accounts/receipt-checks/{verification_code}': { get: Get<S['ReceiptCheckView'], never, { verification_code: string }> }
  '/api/payments/payee-checks': { post: Send<{ account_number?: string; phone?: string; name: string; currency: string }, S['PayeeCheckView']> }
  '/api/payments/transfers': { post: Send<S['TransferOrder'], S['TransferView'], never, Idempotency> }
  '/api/payments/transfers/{id}': { get: Get<S['TransferView'], never, Id> }
  '/api/payments/limits': { get: Get<S['LimitsView'], { account: string }>; put: Send<{ account: string; per_transfer: S['Amount']; per_day: S['Amount']; per_month: S['Amount']; pin: string }, S['LimitsView']> }
  '/api/payments/payees': { get: Get<{ payees: S['PayeeView'][] }>; post: Send<{ name: string; account_number?: string; phone?: string; nickname?: string }, S['PayeeView']> }
  '/api/payments/payees/{id}': { delete: Do<void, Id> }
  '/api/identity/console/sign-in': { post: Send<{ name: string; password: string }, S['StaffView']> }
  '/api/identity/console/sign-out': { post: Do<void> }
  '/api/identity/console/session': { get: Get<S['StaffView']> }
  '/api/identity/console/staff': { get: Get<{ staff: S['StaffView'][] }>; post: Send<{ name: string; password: string; role: string }, S['StaffView']> }
  '/api/identity/console/staff/{id}': { delete: Do<void, Id> }
  '/api/customers/console/search': { get: Get<{ customers: S['CustomerFoundView'][] }, { query: string }> }
  '/api/customers/console/{id}': { get: Get<S['CustomerView'], never, Id> }
  '/api/accounts/console/search': { get: Get<{ accounts: S['AccountView'][] }, { query: string }> }
  '/api/accounts/console/of-customer/{customer_id}': { get: Get<{ accounts: S['AccountView'][] }, never, { customer_id: string }> }
  '/api/accounts/console/{id}': { get: Get<S['ConsoleAccountView'], never, Id> }
  '/api/accounts/console/{id}/movements': { get: Get<{ movements: S['MovementView'][]; next_cursor?: string | null }, S['MovementQuery'], Id> }
  '/api/accounts/console/{id}/freeze': { post: Send<{ reason: string }, S['AccountView'], Id> }
  '/api/accounts/console/{id}/unfreeze': { post: Send<{ reason: string }, S['AccountView'], Id> }
  '/api/accounts/console/{id}/state-changes': { get: Get<S['StateChangeView'][], never, Id> }
  '/api/ledger/console/status': { get: Get<S['LedgerStatusView']> }
  '/api/ledger/console/verify': { post: Do<S['VerificationView']> }
  '/api/ledger/console/business-date': { get: Get<{ business_date: string }>; post: Send<{ to: string }, { business_date: string }> }
  '/api/messages/console/outbox': { get: Get<{ messages: S['MessageView'][]; next_cursor?: string | null }, { cursor?: string }> }
}

export interface components {
  schemas: {
    Amount: { amount: string; currency: string }
    Problem: { type?: string; title?: string; status?: number; code?: string; detail?: string }
    SessionView: {
      session_id: string
      customer: { id: string; name: string; masked_phone: string; kind: 'person' | 'business' }
      channel: string
      assurance: string
      pin_set: boolean
      started_at: string
      expires_at: string
      token?: string | null
    }
    SessionListItem: { id: string; channel: string; device_name: string; started_at: string; last_seen_at: string; current: boolean }
    CustomerView: {
      id: string; kind: 'person' | 'business'; name?: string; masked_name?: string; masked_id_number: string; masked_phone: string
      kyc: string; division?: string | null; address?: string | null
    }
    CustomerFoundView: { id: string; kind: 'person' | 'business'; masked_name: string; masked_phone: string; masked_id_number: string; kyc: string }
    AccountView: {
      id: string
      number_masked: string
      number?: string | null
      currency: string
      class: string
      state: string
      nickname?: string | null
      right: 'own' | 'move' | 'see'
      owner_name?: string | null
      balance: S['Amount']
      available: S['Amount']
      opened_on: string
    }
    AccountsView: { accounts: S['AccountView'][]; totals: S['Amount'][]; converted: { amount: string; currency: string; rates_on?: string | null } }
    ConsoleAccountView: { account: S['AccountView']; limits?: S['LimitsView'] | null }
    MovementQuery: {
      cursor?: string; limit?: number; text?: string; amount_min?: string; amount_max?: string
      from?: string; until?: string; direction?: 'in' | 'out'
    }
    MovementView: {
      transfer_id: string
      number: number
      direction: 'in' | 'out'
      amount: S['Amount']
      balance_after: S['Amount']
      code: string
      counterparty_name?: string | null
      counterparty_account?: string | null
      counterparty_bank?: string | null
      memo?: string | null
      booked_on: string
      value_on: string
      at: string
    }
    MovementDetailView: S['MovementView'] & { receipt?: { verification_code: string } | null }
    AuthorizedPersonView: { customer_id: string; name: string; masked_phone?: string | null; right: 'see' | 'move'; since?: string | null }
    ReceiptCheckView: {
      valid: boolean; transfer_time: string; amount: S['Amount']
      payer_name?: string | null; payer_account?: string | null; payee_name?: string | null; payee_account?: string | null; booked_on: string
    }
    PayeeCheckView: { match: 'match' | 'close' | 'no_match'; masked_name?: string | null; masked_account?: string | null; account_currency?: string | null }
    TransferOrder: {
      from_account: string
      to: { account_id?: string; account_number?: string; phone?: string; payee_id?: string }
      name?: string
      amount: S['Amount']
      memo?: string
      pin: string
    }
    TransferView: {
      id: string
      status: 'posted' | 'refused'
      from_account: string
      amount: S['Amount']
      memo?: string | null
      payee_name_masked?: string | null
      payee_account_masked?: string | null
      balance?: S['Amount'] | null
      booked_on?: string | null
      at?: string | null
      refusal_code?: string | null
      transfer_id: string
      verification_code?: string | null
    }
    LimitsView: {
      per_transfer?: S['Amount'] | null; per_day?: S['Amount'] | null; per_month?: S['Amount'] | null; used_day: S['Amount']; used_month: S['Amount']
      ceiling: { per_transfer?: S['Amount'] | null; per_day?: S['Amount'] | null; per_month?: S['Amount'] | null }
    }
    PayeeView: { id: string; name: string; masked_account: string; nickname?: string | null; last_used_at?: string | null }
    StaffView: { id: string; name: string; role: string; expires_at?: string | null; token?: string | null }
    StateChangeView: { at: string; staff: string; from: string; to: string; reason: string }
    LedgerStatusView: Record<string, unknown>
    VerificationView: Record<string, unknown>
    MessageView: { id: string; at: string; masked_to: string; text: string; kind: string; state: string }
  }
}
