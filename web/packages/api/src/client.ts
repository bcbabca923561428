// A client of the bank with the language of the person on every request.
import createClient, { type Client } from 'openapi-fetch'
import { type Errands, sendingAgain } from './again'
import type { paths } from './generated/schema'
import { provingFetch } from './possession'
import { networkLost } from './refusal'

/** Typed calls: `api.GET('/api/accounts')`. */
export type Api = Client<paths>

/** What an app tells its client. */
export interface ApiOptions {
  /** The language answers shall be in, asked anew for each request. */
  language: () => string
  /** Called when the bank says that nobody is signed in (any more). */
  onSignedOut?: () => void
  /** Where the bank is; empty means where the page came from. */
  baseUrl?: string
  /** What the person does before a request is sent again; see `sendingAgain`. */
  errands?: Errands
}

/** How the requests of an app are sent: proved to come from this device, and again after what the bank asks for first. */
export function sending({ errands }: Pick<ApiOptions, 'errands'>): (request: Request) => Promise<Response> {
  const send = provingFetch()
  return errands ? sendingAgain(send, errands) : send
}

/** Opens the client of an app. */
export function createApi(options: ApiOptions): Api {
  const api = createClient<paths>({ baseUrl: options.baseUrl ?? '', credentials: 'same-origin', fetch: sending(options) })
  api.use({
    onRequest({ request }) {
      request.headers.set('Accept-Language', options.language())
      return request
    },
    onResponse({ response, schemaPath }) {
      // Asking who is signed in, and signing in, are allowed to find nobody.
      const asking = /\/(session|sign-in)$/.test(schemaPath)
      if (response.status === 401 && !asking) options.onSignedOut?.()
    },
    onError({ error }) {
      return networkLost(error)
    },
  })
  return api
}
