// Tests of the reason for a freeze.
import { describe, expect, it } from 'vitest'
import { REASON_MAX, reasonProblem } from './reason'

describe('a reason', () => {
  it.each([
    ['   ', 'short'],
    ['冻结。', 'short'],
    ['客户申请', null],
    ['司法冻结：依据协助冻结通知书，文号：', 'unfinished'],
    ['Court order, document no.: ', 'unfinished'],
    ['司法冻结，文号：（2026）沪0115执882号', null],
    ['x'.repeat(REASON_MAX), null],
    ['x'.repeat(REASON_MAX + 1), 'long'],
  ])('%s: %s', (reason, problem) => expect(reasonProblem(reason)).toBe(problem))
})
