// Refusals: RFC 9457 problem documents as one error class that pages can read and show.

/** A refusal of the bank, or the absence of an answer (`network_lost`, status 0). */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  constructor(
    /** Stable snake_case code; pages branch on this alone. */
    readonly code: string,
    /** HTTP status, 0 where no answer came. */
    readonly status: number,
    /** What happened, in the language of the person; empty where the bank said nothing. */
    readonly detail: string,
    /** Further members of the problem document: `field`, `limit`, `tries_left` and the like. */
    readonly extra: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(detail || code, options)
  }

  /** The field of the request that was refused, where the bank named one. */
  get field(): string | undefined {
    const field = this.extra['field']
    return typeof field === 'string' ? field : undefined
  }

  /** Whether it is unknown if the request was carried out: no answer came, or one that says so. */
  get unclear(): boolean {
    return [0, 502, 503, 504].includes(this.status)
  }

  /** Seconds after which another try may succeed, where the bank named them. */
  get retryAfter(): number | undefined {
    const seconds = Number(this.extra['retry_after'] ?? this.extra['retry_after_s'])
    return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined
  }
}

/** Whether this is a refusal, and of this code if one is given. */
export function isRefusal(error: unknown, code?: string): error is Refusal {
  return error instanceof Refusal && (code === undefined || error.code === code)
}

/** No answer came; whether the bank heard the question is not known. */
export function networkLost(cause: unknown): Refusal {
  return new Refusal('network_lost', 0, '', {}, { cause })
}

/** The codes of answers that are no problem documents, by what their status says. */
const CODES_BY_STATUS: Record<number, string> = {
  400: 'malformed_body', 401: 'not_signed_in', 403: 'not_allowed', 404: 'not_found', 413: 'body_too_large',
  415: 'unsupported_media_type', 429: 'too_many_tries', 503: 'unavailable', 507: 'storage_full',
}

/** Reads the body of an answer that was not a success. */
export function toRefusal(response: Response, body: unknown): Refusal {
  const fallback = CODES_BY_STATUS[response.status] ?? 'unavailable'
  const retryAfter = response.headers.get('Retry-After')
  const timing = retryAfter === null ? {} : { retry_after: Number(retryAfter) }
  if (typeof body !== 'object' || body === null) return new Refusal(fallback, response.status, '', timing)
  const { code, detail, title, ...rest } = body as Record<string, unknown>
  const words = typeof detail === 'string' ? detail : typeof title === 'string' ? title : ''
  return new Refusal(typeof code === 'string' ? code : fallback, response.status, words, { ...timing, ...rest })
}

/** The data of an answer, or its refusal thrown. */
export async function unwrap<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await answer
  if (!response.ok) throw toRefusal(response, error)
  return data as T
}
