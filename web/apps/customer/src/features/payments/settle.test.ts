// An order whose answer is lost is asked for again, never sent anew.
import { describe, expect, it } from 'vitest'
import { Refusal } from '@yuanhang/api'
import { PAUSES_MS, settle } from './settle'

const lost = () => new Refusal('network_lost', 0, '')

function bank(answers: (() => string)[]) {
  const seen = { sent: 0, unclear: 0, waited: [] as number[] }
  const send = async () => answers[Math.min(seen.sent++, answers.length - 1)]!()
  const hooks = { wait: async (ms: number) => void seen.waited.push(ms), onUnclear: () => void seen.unclear++ }
  return { seen, result: settle(send, hooks) }
}
const fail = (error: Error) => () => {
  throw error
}

describe('settling an order', () => {
  it('takes the first answer', async () => {
    const { seen, result } = bank([() => 'done'])
    expect(await result).toBe('done')
    expect(seen).toEqual({ sent: 1, unclear: 0, waited: [] })
  })
  it('asks again while no answer comes', async () => {
    const { seen, result } = bank([fail(lost()), fail(lost()), () => 'done'])
    expect(await result).toBe('done')
    expect(seen).toEqual({ sent: 3, unclear: 1, waited: [PAUSES_MS[0], PAUSES_MS[1]] })
  })
  it('does not ask again after a refusal', async () => {
    const { seen, result } = bank([fail(new Refusal('insufficient_funds', 409, ''))])
    await expect(result).rejects.toMatchObject({ code: 'insufficient_funds' })
    expect(seen.sent).toBe(1)
  })
  it('takes a refusal that comes late', async () => {
    const { result } = bank([fail(lost()), fail(new Refusal('pin_wrong', 403, ''))])
    await expect(result).rejects.toMatchObject({ code: 'pin_wrong' })
  })
  it('gives the choice back when nobody answers', async () => {
    const { seen, result } = bank([fail(lost())])
    await expect(result).rejects.toMatchObject({ unclear: true })
    expect(seen.sent).toBe(PAUSES_MS.length + 1)
  })
})
