// Tests of reading a typed search.
import { describe, expect, it } from 'vitest'
import { askedOf } from './search'

describe('what a search asks for', () => {
  it.each([
    [' 张伟 ', '张伟', ''],
    ['138 0013 8000', '13800138000', ''],
    ['6221 8812 3456 7890 123', '', '6221881234567890123'],
    ['11010519491231002x', '11010519491231002X', ''],
    ['110105194912310021', '110105194912310021', '110105194912310021'],
    ['0193a1b2-0000-7000-8000-000000000001', '0193a1b2-0000-7000-8000-000000000001', '0193a1b2-0000-7000-8000-000000000001'],
    ['BERKA-1787', 'BERKA-1787', ''],
    ['4321', '4321', ''],
  ])('%s', (text, customer, account) => expect(askedOf(text)).toEqual({ customer, account }))
})
