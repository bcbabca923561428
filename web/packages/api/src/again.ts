// What the bank does only once the person has done something else: the same request is sent again, whole.

/** What a refusal says besides its code. */
export type Told = Readonly<Record<string, unknown>>

/** What a person does for the bank, by the code with which it asks for it; each says whether it is done. */
export type Errands = Readonly<Record<string, (told: Told) => Promise<boolean>>>

async function told(answer: Response): Promise<Told> {
  if (answer.status !== 403) return {}
  return (await answer.clone().json().catch(() => ({}))) as Told
}

/** Sends by `send`, and again after each errand that the bank asks for and that is done, once each. */
export function sendingAgain(send: (request: Request) => Promise<Response>, errands: Errands): (request: Request) => Promise<Response> {
  return async (request) => {
    const open = new Map(Object.entries(errands))
    for (let next = request; ; ) {
      const again = next.clone()
      const answer = await send(next)
      const refusal = await told(answer)
      const code = String(refusal['code'])
      const errand = open.get(code)
      if (!errand || !(await errand(refusal))) return answer
      open.delete(code)
      next = again
    }
  }
}
