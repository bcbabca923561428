// Who may sign in to the demonstration bank, and people made up for one story.
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'

export interface Person {
  name_to_sign_in: string
  password: string
  pin: string
  display_name: string
}
export interface SignIns {
  customers: Person[]
  staff: StaffMember
  /** Another administrator, who countersigns. */
  colleague: StaffMember
}
export interface StaffMember {
  name: string
  password: string
}

/** Reads the file that the bank wrote when it was generated. */
export function signIns(): SignIns {
  const file = process.env['YUANHANG_SIGN_INS']
  if (!file) throw new Error('YUANHANG_SIGN_INS names no file')
  return JSON.parse(readFileSync(file, 'utf8')) as SignIns
}

const digits = (count: number) => Array.from({ length: count }, () => String(randomInt(10))).join('')

/** Somebody new: a phone nobody has, and an ID number with the right check character (GB 11643). */
export function newcomer(): Person & { phone: string; id_number: string } {
  const phone = `199${digits(8)}`
  const body = `110105${1970 + randomInt(30)}${String(1 + randomInt(12)).padStart(2, '0')}${String(1 + randomInt(28)).padStart(2, '0')}${digits(3)}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, at) => total + weight * Number(body[at]), 0)
  return {
    phone, name_to_sign_in: phone, id_number: body + '10X98765432'[sum % 11], password: `Fernweh-${digits(4)}-x`, pin: '270915', display_name: '试用客户',
  }
}
