// Amounts as the bank writes them: a decimal string and a currency, never a floating number.
export type { Money } from './amount'
export { addAmounts, compareAmounts, isNegative, isZero, minorOf, negate, plainOf, scaleOf } from './amount'
export { chineseCapitals } from './capitals'
export { formatAmount, formatMoney, formatSigned, HIDDEN_AMOUNT, symbolOf } from './format'
export type { AmountProblem, ParsedAmount } from './parse'
export { parseAmount, tidyAmountInput } from './parse'
