// 人民币大写: the amount in Chinese capitals as the rules for bills and receipts write it
// (支付结算办法, PBC 1997, annex 1). The bank's receipts are written by the same rules.
import { minorOf, scaleOf, type Money } from './amount'

const DIGITS = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖']
const PLACES = ['', '拾', '佰', '仟']
const GROUPS = ['', '万', '亿', '万亿', '亿亿']
const NAMES: Record<string, string> = {
  CNY: '人民币', USD: '美元', EUR: '欧元', GBP: '英镑', HKD: '港币', JPY: '日元', AUD: '澳大利亚元', CAD: '加拿大元',
  CHF: '瑞士法郎', SGD: '新加坡元', NZD: '新西兰元', KRW: '韩元', THB: '泰铢', MOP: '澳门元', KWD: '科威特第纳尔',
  CZK: '捷克克朗',
}

function fourDigits(digits: string): string {
  let text = ''
  let gap = false
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[i])
    if (digit === 0) {
      gap = text !== ''
      continue
    }
    text += (gap ? '零' : '') + DIGITS[digit] + PLACES[digits.length - 1 - i]
    gap = false
  }
  return text
}

function integer(whole: string): string {
  const groups: string[] = []
  for (let end = whole.length; end > 0; end -= 4) groups.unshift(whole.slice(Math.max(0, end - 4), end))
  let text = ''
  let pendingZero = false
  groups.forEach((digits, i) => {
    if (/^0+$/.test(digits)) {
      pendingZero = text !== ''
      return
    }
    if (pendingZero || (text !== '' && digits.startsWith('0'))) text += '零'
    text += fourDigits(digits) + (GROUPS[groups.length - 1 - i] ?? '')
    pendingZero = false
  })
  return text || '零'
}

/** `{amount: "1409.50", currency: "CNY"}` → `人民币壹仟肆佰零玖元伍角整`; other currencies bear their Chinese name. */
export function chineseCapitals(money: Money): string {
  const scale = scaleOf(money.currency)
  const minor = minorOf(money.amount, scale)
  const digits = (minor < 0n ? -minor : minor).toString().padStart(scale + 1, '0')
  const whole = scale === 0 ? digits : digits.slice(0, -scale)
  const fraction = scale === 0 ? '' : digits.slice(-scale)
  const hasWhole = whole !== '0'
  let text = (NAMES[money.currency] ?? money.currency) + (minor < 0n ? '负' : '')
  if (hasWhole || /^0*$/.test(fraction)) text += `${integer(whole)}元`
  let skippedZero = false
  ;['角', '分', '厘'].slice(0, scale).forEach((name, at) => {
    const digit = Number(fraction[at])
    if (digit === 0) {
      skippedZero = true
      return
    }
    text += (skippedZero && hasWhole ? '零' : '') + DIGITS[digit] + name
    skippedZero = false
  })
  // Behind 元 and 角 stands 整, behind 分 nothing.
  return /^0*$/.test(fraction.slice(1)) ? `${text}整` : text
}
