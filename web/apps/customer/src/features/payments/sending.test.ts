// One order under one key: with its approval it is the same order, and without one it is begun anew.
import { beforeEach, expect, test, vi } from 'vitest'
import { Refusal, type Api, type Transfer, type TransferOrder } from '@yuanhang/api'
import { sendTransfer } from './queries'
import { useSending } from './sending'

vi.mock('./queries', () => ({ sendTransfer: vi.fn() }))
const bank = vi.mocked(sendTransfer)
beforeEach(() => bank.mockReset())

const order = { from_account: 'f', to: { account_number: '6230580000000000025' }, amount: { amount: '1200.00', currency: 'CNY' }, pin: '246810' } as TransferOrder
const needed = new Refusal('approval_needed', 403, '', { approval_id: 'a-1', expires_at: '2026-11-26T08:03:00Z' })
const done = { status: 'posted' } as Transfer
function begun() {
  const sending = useSending({} as Api)
  sending.begin()
  return sending
}

test('an approved order is sent again as it was, with its approval', async () => {
  const sending = begun()
  bank.mockRejectedValueOnce(needed).mockResolvedValueOnce(done)
  expect(await sending.send(order)).toBeUndefined()
  expect([sending.state.value, sending.approval.value, sending.refusal.value]).toEqual(['approval', { id: 'a-1', expiresAt: '2026-11-26T08:03:00Z' }, undefined])
  expect(await sending.send()).toEqual(done)
  const [first, second] = bank.mock.calls
  expect(first![1], 'one key').toBe(second![1])
  expect([first![2], second![2]]).toEqual([order, { ...order, approval_id: 'a-1' }])
  expect([sending.state.value, sending.approval.value]).toEqual(['done', undefined])
})

test('what is refused with its approval is over, forgotten, and begun under another key', async () => {
  const sending = begun()
  bank.mockRejectedValueOnce(needed).mockRejectedValueOnce(new Refusal('approval_other', 409, '')).mockResolvedValueOnce(done)
  await sending.send(order)
  await sending.send()
  expect([sending.over.value, sending.approval.value]).toEqual([true, undefined])
  expect(await sending.send(), 'nothing is kept to be sent').toBeUndefined()
  sending.begin()
  await sending.send(order)
  expect(bank.mock.calls[2]![1]).not.toBe(bank.mock.calls[0]![1])
  expect(bank.mock.calls[2]![2]).toEqual(order)
})

test('an order that was given up is not sent', async () => {
  const sending = begun()
  bank.mockRejectedValueOnce(needed)
  await sending.send(order)
  sending.forget()
  await sending.send()
  expect(bank).toHaveBeenCalledOnce()
})

test('a wrong PIN is asked for again under the same key', async () => {
  const sending = begun()
  bank.mockRejectedValueOnce(new Refusal('pin_wrong', 403, '')).mockResolvedValueOnce(done)
  await sending.send(order)
  expect(sending.state.value).toBe('idle')
  await sending.send({ ...order, pin: '135791' })
  expect(bank.mock.calls[0]![1]).toBe(bank.mock.calls[1]![1])
})
