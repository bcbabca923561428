// What needs a proof is tried again when the proof was given.
import { expect, test } from 'vitest'
import { Refusal } from '@yuanhang/api'
import { useProof } from './proof'

test('what needs a proof is done when it was given, and once', async () => {
  const { asking, ways, run, proved } = useProof()
  let there = false
  let done = 0
  const act = async () => {
    if (!there) throw new Refusal('step_up_needed', 403, '', { ways: ['passkey', 'password'] })
    done += 1
  }
  await run(act)
  expect([asking.value, ways.value, done]).toEqual([true, ['passkey', 'password'], 0])
  there = true
  await proved()
  await proved()
  expect([asking.value, done]).toEqual([false, 1])
})

test('other refusals ask for nothing', async () => {
  const { asking, run } = useProof()
  await run(async () => { throw new Refusal('not_found', 404, '') })
  expect(asking.value).toBe(false)
})
