// The bank's HTTP interface: typed calls, typed refusals, no page knows a URL scheme of its own.
export type { Errands, Told } from './again'
export { createApi, sending, type Api } from './client'
export { bankNow } from './clock'
export { isRefusal, Refusal, toRefusal, unwrap } from './refusal'
export { toHex } from './hex'
export { freshKey } from './key'
export type { components, paths } from './generated/schema'
export type * from './views'
