// What the bank asks for first is done once, and the same request sent again, whole; nothing else is.
import { expect, test } from 'vitest'
import { type Errands, sendingAgain } from './again'

const refusal = (body: object) => new Response(JSON.stringify(body), { status: 403 })
const second = () => refusal({ code: 'countersignature_needed', countersignature: 'c-1' })
const proof = () => refusal({ code: 'step_up_needed', ways: ['passkey'] })
const ask = () => new Request('https://bank.example/api/x', { method: 'POST', body: '{"a":1}' })

function bank(answers: Response[]) {
  const bodies: string[] = []
  const send = async (request: Request) => {
    bodies.push(await request.text())
    return answers.shift() ?? new Response('done')
  }
  return { send, bodies }
}

function person(does: boolean) {
  const asked: unknown[] = []
  const errands: Errands = {
    step_up_needed: async ({ ways }) => (asked.push(ways), does),
    countersignature_needed: async ({ countersignature }) => (asked.push(countersignature), does),
  }
  return { asked, errands }
}

test.each([
  ['a second pair of eyes', [second()], ['c-1']],
  ['a proof', [proof()], [['passkey']]],
  ['one and then the other', [second(), proof()], ['c-1', ['passkey']]],
])('it is sent again after %s, body and all', async (_, answers, told) => {
  const sent = answers.length + 1
  const { send, bodies } = bank(answers)
  const { asked, errands } = person(true)
  const answer = await sendingAgain(send, errands)(ask())
  expect(await answer.text()).toBe('done')
  expect(bodies).toEqual(Array<string>(sent).fill('{"a":1}'))
  expect(asked).toEqual(told)
})

test('whoever does not do it has the refusal, which says what to do', async () => {
  const { send, bodies } = bank([second()])
  const answer = await sendingAgain(send, person(false).errands)(ask())
  expect(answer.status).toBe(403)
  expect(await answer.json()).toMatchObject({ code: 'countersignature_needed' })
  expect(bodies).toHaveLength(1)
})

test('nobody is asked for the same twice', async () => {
  const { send, bodies } = bank([proof(), proof(), proof()])
  const { asked, errands } = person(true)
  const answer = await sendingAgain(send, errands)(ask())
  expect(await answer.json()).toMatchObject({ code: 'step_up_needed' })
  expect([bodies.length, asked.length]).toEqual([2, 1])
})

test('other refusals are answers', async () => {
  for (const body of ['{"code":"not_allowed"}', 'no JSON', '{"code":"countersignature_refused","countersignature":"c-1"}']) {
    const { send, bodies } = bank([new Response(body, { status: 403 })])
    const { asked, errands } = person(true)
    const answer = await sendingAgain(send, errands)(ask())
    expect(answer.status).toBe(403)
    expect([bodies.length, asked.length]).toEqual([1, 0])
  }
})
