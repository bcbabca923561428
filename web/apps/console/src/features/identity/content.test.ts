// What whoever countersigns reads.
import { expect, test } from 'vitest'
import { digestOf, factsOf } from './content'

test('members of a body are facts, and nothing of it is left out', () => {
  expect(factsOf('{"name":"甲","scopes":["rates","payee_check"],"on":true,"deep":{"a":1}}')).toEqual([
    { name: 'name', values: ['甲'] },
    { name: 'scopes', values: ['rates', 'payee_check'] },
    { name: 'on', values: ['true'] },
    { name: 'deep', values: ['{"a":1}'] },
  ])
  for (const [body, values] of [['[1]', ['[1]']], ['{', ['{']], ['"x"', ['"x"']]] as const) {
    expect(factsOf(body)).toEqual([{ name: 'content', values }])
  }
  for (const none of ['', null, undefined]) expect(factsOf(none)).toEqual([])
})

test('a file is known by its SHA-256', async () => {
  const bytes = new TextEncoder().encode('abc')
  // FIPS 180-2, appendix B.1.
  expect(await digestOf(bytes.buffer)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
