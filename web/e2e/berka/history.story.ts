// A client of the imported Berka bank signs in and finds every movement with the balance its bank stated.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatMoney } from '@yuanhang/money'
import { accountsOf } from '../support/app'
import { expect, test } from '../support/story'

const books = process.env['YUANHANG_BERKA'] ?? ''
const rows = (name: string) => readFileSync(join(books, name), 'utf8').trim().split(/\r?\n/).slice(1).map((line) => line.split(';').map((cell) => cell.replace(/^"|"$/g, '')))
const czk = (amount: string) => formatMoney({ amount, currency: 'CZK' })

test('a Berka client sees the imported history with the stated balances', async ({ page, app, people, program }) => {
  const byAccount = new Map<string, { day: string; balance: string }[]>()
  for (const [, account = '', day = '', , , , balance = ''] of rows('trans.asc')) {
    byAccount.set(account, [...(byAccount.get(account) ?? []), { day, balance }])
  }
  // An account of middling length whose last days hold one movement each, so that their order is no question.
  const alone = (all: { day: string }[], day: string) => all.filter((row) => row.day === day).length === 1
  const [account, movements] = [...byAccount].find(([, all]) => {
    const days = all.map((row) => row.day).sort()
    return all.length >= 60 && all.length <= 120 && days.slice(-2).every((day) => alone(all, day))
  }) ?? ['', []]
  const client = rows('disp.asc').find((row) => row[2] === account && row[3] === 'OWNER')?.[1] ?? ''
  const stated = [...movements].sort((a, b) => b.day.localeCompare(a.day)).filter(({ day }, _, all) => alone(all, day))

  const person = { ...people.customers[0]!, name_to_sign_in: `BERKA-${client}` }
  await page.goto('/sign-in')
  await page.getByLabel(app.identity.name, { exact: true }).fill(person.name_to_sign_in)
  await page.getByLabel(app.identity.password.label, { exact: true }).fill(person.password)
  await page.getByRole('button', { name: app.identity.signIn.submit, exact: true }).click()
  await expect(page.getByRole('region', { name: app.accounts.total })).toBeVisible()
  const [own] = (await accountsOf(await program(person))).filter(({ right }) => right === 'own')
  await page.goto(`/accounts/${own?.id}`)
  await expect(page.getByText(czk(stated[0]?.balance ?? ''), { exact: true }).first(), 'the balance of the account').toBeVisible()

  const list = page.getByRole('link').filter({ hasText: /[+−]Kč/ })
  await expect(async () => {
    await page.mouse.wheel(0, 20_000)
    await expect(page.getByText(app.states.noMore)).toBeVisible({ timeout: 500 })
  }).toPass({ timeout: 30_000 })
  expect(await list.count()).toBeGreaterThanOrEqual(movements.length)
  const shown = (await list.allTextContents()).join('\n')
  for (const { day, balance } of stated) expect(shown, `the balance stated on ${day}`).toContain(czk(balance))
})
