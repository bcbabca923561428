// A larger transfer is approved with a passkey: what the phone shows is what is signed, and only that is sent.
import type { APIRequestContext, Browser, Page, Route } from '@playwright/test'
import { minorOf } from '@yuanhang/money'
import { isFine } from '../support/axe'
import { confirm, fillTransfer, mainAccount, signIn } from '../support/app'
import { keepPasskeys } from '../support/authenticator'
import type { Person } from '../support/people'
import { expect, test } from '../support/story'

type Words = Parameters<typeof signIn>[1]
interface Approval {
  id: string
  act: string
  state: string
}

/** A payer with a passkey on this page, which is their phone. */
async function takePhone(page: Page, app: Words, payer: Person): Promise<void> {
  await keepPasskeys(page)
  await signIn(page, app, payer)
  await page.goto('/me/passkeys')
  await page.getByRole('button', { name: app.identity.passkeys.add, exact: true }).click()
  await expect(page.getByText(app.identity.passkeys.added)).toBeVisible()
}

/** The same payer at a browser that keeps no passkey. */
async function openWeb(browser: Browser, baseURL: string | undefined, language: string, app: Words, payer: Person): Promise<Page> {
  const context = await browser.newContext({ baseURL: baseURL ?? '', locale: language })
  const web = await context.newPage()
  await signIn(web, app, payer)
  return web
}

/** Orders a transfer to an account number, up to where it waits for an approval. */
async function order(page: Page, app: Words, payer: Person, payee: Person, account: string, amount: string): Promise<void> {
  await fillTransfer(page, app, { ...payee, name_to_sign_in: account }, amount, '')
  await confirm(page, app, payer.pin)
  await expect(page.getByRole('heading', { name: app.payments.approval.title })).toBeVisible()
}

const fours = (account: string) => account.replace(/(.{4})(?=.)/g, '$1 ')
const available = async (own: APIRequestContext) => minorOf((await mainAccount(own)).available.amount, 2)
const button = (page: Page, name: string) => page.getByRole('dialog').last().getByRole('button', { name, exact: true })

/** Answers that show approvals: the list and a single one. */
const showsApprovals = (address: URL) => /\/api\/identity\/approvals(\/[\w-]+)?$/.test(address.pathname)

/** Rewrites one member of every act on its way to the page. */
const rewrites = (name: string, value: string) => async (route: Route) => {
  if (route.request().method() !== 'GET') return route.fallback()
  const response = await route.fetch()
  if (!response.ok()) return route.fulfill({ response })
  const body = (await response.json()) as Approval & { approvals?: Approval[] }
  for (const approval of body.approvals ?? [body]) approval.act = JSON.stringify({ ...(JSON.parse(approval.act) as object), [name]: value })
  return route.fulfill({ response, json: body })
}

test.afterEach(async ({ people, program }) => {
  const own = await program(people.customers[2]!)
  const { passkeys } = (await (await own.get('/api/identity/passkeys')).json()) as { passkeys: { id: string }[] }
  for (const { id } of passkeys) expect((await own.delete(`/api/identity/passkeys/${id}`)).ok()).toBe(true)
})

test('the phone approves what the web ordered', async ({ page, browser, baseURL, language, app, people, program, picture }) => {
  const [payer, payee] = [people.customers[2]!, people.customers[1]!]
  const own = await program(payer)
  const { number } = await mainAccount(await program(payee))
  const { number: from } = await mainAccount(own)
  await takePhone(page, app, payer)
  const web = await openWeb(browser, baseURL, language, app, payer)
  const before = await available(own)
  await order(web, app, payer, payee, number, '1200')
  await expect(web.getByRole('timer')).toContainText(/[0-2]:\d\d|3:00/)
  await picture(web, 'app-approval-waiting')

  const sheet = page.getByRole('dialog')
  await expect(sheet, 'it comes by itself').toContainText('¥1,200.00')
  for (const text of [payee.display_name, fours(number), fours(from)]) await expect(sheet).toContainText(text)
  await isFine(page)
  await picture(page, 'app-approval')
  expect(await available(own), 'nothing moves before').toBe(before)
  await button(page, app.identity.approvals.approve).click()
  const { approved, used } = app.identity.approvals.states
  await expect(sheet.getByText(approved, { exact: true }).or(sheet.getByText(used, { exact: true }))).toBeVisible()
  await expect(web.getByRole('heading', { name: app.payments.result.done })).toBeVisible()
  expect(await available(own)).toBe(before - 120_000n)
  await button(page, app.actions.done).click()
  await page.goto('/me/approvals')
  await expect(page.getByText(app.identity.approvals.none)).toBeVisible()
  await web.context().close()
})

test('a device with a passkey approves its own order', async ({ page, app, people, program }) => {
  const [payer, payee] = [people.customers[2]!, people.customers[1]!]
  const own = await program(payer)
  const { number } = await mainAccount(await program(payee))
  await takePhone(page, app, payer)
  const before = await available(own)
  await order(page, app, payer, payee, number, '1000')
  await expect(page.getByRole('dialog'), 'nothing comes by itself where it was ordered').toHaveCount(1)
  await button(page, app.payments.approval.here).click()
  await expect(page.getByRole('dialog').last()).toContainText(fours(number))
  await button(page, app.identity.approvals.approve).click()
  await expect(page.getByRole('heading', { name: app.payments.result.done })).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  expect(await available(own)).toBe(before - 100_000n)
})

test('what the phone refuses is not sent', async ({ page, browser, baseURL, language, app, people, program }) => {
  const [payer, payee] = [people.customers[2]!, people.customers[1]!]
  const own = await program(payer)
  const { number } = await mainAccount(await program(payee))
  await takePhone(page, app, payer)
  const web = await openWeb(browser, baseURL, language, app, payer)
  const before = await available(own)
  await order(web, app, payer, payee, number, '1200')
  await button(page, app.identity.approvals.refuse).click()
  await expect(page.getByRole('dialog')).toContainText(app.identity.approvals.states.refused)
  await expect(web.getByRole('alert')).toContainText(app.refusals.approval_refused)
  expect(await available(own)).toBe(before)

  // Begun again, it is a new order; whoever closes the sheet takes it back.
  await button(page, app.actions.done).click()
  await web.getByRole('button', { name: app.payments.approval.afresh }).click()
  await web.getByRole('button', { name: app.payments.confirmPay }).click()
  for (const digit of payer.pin) await web.getByRole('button', { name: digit, exact: true }).click()
  await expect(page.getByRole('dialog')).toContainText('¥1,200.00')
  await button(web, app.actions.close).click()
  await expect(page.getByRole('dialog')).toContainText(app.identity.approvals.states.refused)
  expect(await available(own)).toBe(before)
  await web.context().close()
})

test('nothing is signed that the bank did not send', async ({ page, browser, baseURL, language, app, people, program, picture }) => {
  test.setTimeout(120_000)
  const [payer, payee] = [people.customers[2]!, people.customers[1]!]
  const own = await program(payer)
  const { number } = await mainAccount(await program(payee))
  await takePhone(page, app, payer)
  const web = await openWeb(browser, baseURL, language, app, payer)
  const before = await available(own)
  await order(web, app, payer, payee, number, '1200')
  const signed: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST' && showsApprovals(new URL(request.url()))) signed.push(request.url())
  })
  const others = { payee: '李四', account: '6230580000000000009', amount: '12.00', currency: 'USD', nonce: '00'.repeat(16) }
  for (const [name, value] of Object.entries(others)) {
    await page.route(showsApprovals, rewrites(name, value))
    await page.goto('/')
    await button(page, app.identity.approvals.approve).click()
    await expect(page.getByRole('dialog').getByRole('alert'), name).toContainText(app.refusals.approval_altered)
    await expect(button(page, app.identity.approvals.approve), name).toHaveCount(0)
    if (name === 'payee') await picture(page, 'app-approval-altered')
    const { approvals } = (await (await own.get('/api/identity/approvals')).json()) as { approvals: Approval[] }
    expect(approvals.map(({ state }) => state), `${name}: it still waits`).toEqual(['waiting'])
    await page.unrouteAll({ behavior: 'ignoreErrors' })
  }
  expect(signed).toEqual([])
  await page.goto('/')
  await button(page, app.identity.approvals.refuse).click()
  await expect(web.getByRole('alert')).toContainText(app.refusals.approval_refused)
  expect(await available(own)).toBe(before)
  await web.context().close()
})

test('nothing is sent that was not approved', async ({ page, browser, baseURL, language, app, people, program }) => {
  test.setTimeout(120_000)
  const [payer, payee, third] = [people.customers[2]!, people.customers[1]!, people.customers[0]!]
  const own = await program(payer)
  const { number } = await mainAccount(await program(payee))
  const { number: elsewhere } = await mainAccount(await program(third))
  await takePhone(page, app, payer)
  const web = await openWeb(browser, baseURL, language, app, payer)
  const before = await available(own)
  const changes = [
    { amount: { amount: '1300.00', currency: 'CNY' } },
    { to: { account_number: elsewhere }, name: third.display_name },
  ]
  for (const change of changes) {
    await web.route('**/api/payments/transfers', async (route) => {
      const body = route.request().postDataJSON() as { approval_id?: string }
      await route.continue(body.approval_id ? { postData: JSON.stringify({ ...body, ...change }) } : {})
    })
    await order(web, app, payer, payee, number, '1200')
    const second = web.waitForResponse((answer) => answer.url().endsWith('/api/payments/transfers') && answer.request().method() === 'POST' && answer.status() !== 401)
    await button(page, app.identity.approvals.approve).click()
    const answer = await second
    expect([answer.status(), ((await answer.json()) as { code: string }).code]).toEqual([409, 'approval_other'])
    await expect(web.getByRole('alert')).toBeVisible()
    expect(await available(own), 'nothing moved').toBe(before)
    await button(page, app.actions.done).click()
    await web.unrouteAll({ behavior: 'ignoreErrors' })
  }
  await web.context().close()
})
