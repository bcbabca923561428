// What takes two pairs of eyes: the same request is sent again once another member of staff has countersigned it.

/** Of which code a refusal is, and under which id the request waits; empty for anything else. */
async function waitsUnder(answer: Response): Promise<string> {
  if (answer.status !== 403) return ''
  const body = (await answer.clone().json().catch(() => ({}))) as { code?: unknown; countersignature?: unknown }
  return body.code === 'countersignature_needed' && typeof body.countersignature === 'string' ? body.countersignature : ''
}

/**
 * Sends by `send`. Where the bank wants a second pair of eyes, `decided` waits until there is a decision and says whether
 * the request is to be sent again, which carries it out or tells that it was refused.
 */
export function countersigning(
  send: (request: Request) => Promise<Response>,
  decided: (id: string) => Promise<boolean>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const again = request.clone()
    const answer = await send(request)
    const id = await waitsUnder(answer)
    if (!id || !(await decided(id))) return answer
    return send(again)
  }
}
