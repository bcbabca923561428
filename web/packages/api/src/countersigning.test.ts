// What takes two pairs of eyes is sent again, whole, once it was decided; nothing else is.
import { expect, test } from 'vitest'
import { countersigning } from './countersigning'

const needed = () => new Response(JSON.stringify({ code: 'countersignature_needed', countersignature: 'c-1' }), { status: 403 })
const ask = () => new Request('https://bank.example/api/x', { method: 'POST', body: '{"a":1}' })

function bank(answers: Response[]) {
  const bodies: string[] = []
  const send = async (request: Request) => {
    bodies.push(await request.text())
    return answers.shift() ?? new Response('done')
  }
  return { send, bodies }
}

test('it is sent again once it was countersigned, body and all', async () => {
  const { send, bodies } = bank([needed()])
  const asked: string[] = []
  const answer = await countersigning(send, async (id) => (asked.push(id), true))(ask())
  expect(await answer.text()).toBe('done')
  expect(bodies).toEqual(['{"a":1}', '{"a":1}'])
  expect(asked).toEqual(['c-1'])
})

test('whoever does not wait has the refusal, which says what to do', async () => {
  const { send, bodies } = bank([needed()])
  const answer = await countersigning(send, async () => false)(ask())
  expect(answer.status).toBe(403)
  expect(await answer.json()).toMatchObject({ code: 'countersignature_needed' })
  expect(bodies).toHaveLength(1)
})

test('other refusals are answers', async () => {
  for (const body of ['{"code":"not_allowed"}', 'no JSON', '{"code":"countersignature_refused","countersignature":"c-1"}']) {
    const { send, bodies } = bank([new Response(body, { status: 403 })])
    const answer = await countersigning(send, async () => Promise.reject(new Error('nobody is asked')))(ask())
    expect(answer.status).toBe(403)
    expect(bodies).toHaveLength(1)
  }
})
