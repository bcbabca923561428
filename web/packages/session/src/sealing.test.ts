// What is sealed opens to the password, does not tell its length, and is different each time.
import { expect, test } from 'vitest'
import { sm2 } from 'sm-crypto-v2'
import { type Api, toHex } from '@yuanhang/api'
import { toBytes, toText } from './ceremony'
import { seal, sealed } from './sealing'

const pair = sm2.generateKeyPairHex()
const bytes = (digits: string) => Uint8Array.from(digits.match(/../g) ?? [], (two) => Number.parseInt(two, 16))
const key = toText(bytes(pair.publicKey).buffer)

function open(text: string): string {
  const digits = toHex(toBytes(text))
  expect(digits.startsWith('04')).toBe(true)
  const plain = sm2.doDecrypt(digits.slice(2), pair.privateKey, 1, { output: 'array' })
  return new TextDecoder().decode(plain).replace(/\0+$/, '')
}

test.each(['Abc-12345', '密码-远行-2026', 'x'.repeat(64), '😀'.repeat(64)])('%s', async (password) => {
  const one = await seal(password, key)
  expect(open(one)).toBe(password)
  expect(one).not.toBe(await seal(password, key))
  expect(toBytes(one)).toHaveLength(65 + 32 + 256)
})

test('all passwords of a request are sealed to its envelope', async () => {
  const asked: string[] = []
  const answer = async (path: string) => (asked.push(path), { data: { challenge: 'c-1', key }, response: new Response() })
  const body = await sealed({ POST: answer } as unknown as Pick<Api, 'POST'>, { old: 'one', new: 'another' })
  expect(asked).toEqual(['/api/identity/envelope'])
  expect(body.sealed_by).toBe('c-1')
  expect([open(body.old), open(body.new)]).toEqual(['one', 'another'])
})
