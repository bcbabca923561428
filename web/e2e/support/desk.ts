// The bank's own people: reading the outbox, finding accounts, lifting freezes when a story is over.
import { expect, type APIRequestContext, type Page } from '@playwright/test'
import type { zhWords } from '../../apps/console/src/shell/words'
import type { StaffMember } from './people'

/** What a story may ask of the bank's people. */
export interface Desk {
  /** The newest one-time code that was sent to a phone. */
  codeFor: (phone: string) => Promise<string>
  /** Lifts the freeze of an account where there is one. */
  unfreeze: (account: string) => Promise<void>
  /** As a colleague: countersigns the one thing that waits. */
  countersign: () => Promise<void>
}

/** Signs a member of staff in on the console's page. */
export async function sitDown(page: Page, words: typeof zhWords, staff: StaffMember): Promise<void> {
  await page.goto('/console/sign-in')
  await page.getByLabel(words.identity.signIn.name, { exact: true }).fill(staff.name)
  await page.getByLabel(words.identity.signIn.password, { exact: true }).fill(staff.password)
  await page.getByRole('button', { name: words.identity.signIn.submit, exact: true }).click()
  await expect(page.getByLabel(words.customers.search.label, { exact: true })).toBeVisible()
}

export async function openDesk(request: APIRequestContext, people: { staff: StaffMember; colleague: StaffMember }): Promise<Desk> {
  const enter = async (staff: StaffMember) => {
    const answer = await request.post('/api/identity/console/sign-in', { data: staff })
    expect(answer.ok(), await answer.text()).toBe(true)
    const { token } = (await answer.json()) as { token: string }
    return { Authorization: `Bearer ${token}` }
  }
  const headers = await enter(people.staff)
  return {
    async countersign() {
      const inbox = '/api/identity/console/countersignatures'
      const own = await enter(people.colleague)
      const waiting = async () => {
        const list = (await (await request.get(inbox, { headers: own })).json()) as { countersignatures: { id: string; can_decide: boolean }[] }
        return list.countersignatures.filter((one) => one.can_decide).map((one) => one.id)
      }
      await expect.poll(waiting, { message: 'one thing waits for a colleague' }).toHaveLength(1)
      const done = await request.post(`${inbox}/${(await waiting())[0]}`, { headers: own })
      expect(done.ok(), await done.text()).toBe(true)
    },
    async codeFor(phone) {
      let code = ''
      await expect.poll(async () => {
        const outbox = await request.get('/api/messages/console/outbox', { headers, params: { to: phone } })
        const { messages } = (await outbox.json()) as { messages: { text: string; kind: string }[] }
        code = messages.map((message) => /(?<!\d)\d{6}(?!\d)/.exec(message.text)?.[0] ?? '').find(Boolean) ?? ''
        return code
      }, { message: 'a one-time code in the outbox' }).toMatch(/^\d{6}$/)
      return code
    },
    async unfreeze(account) {
      const shown = await request.get(`/api/accounts/console/${account}`, { headers })
      if (!(await shown.text()).includes('"frozen"')) return
      const done = await request.post(`/api/accounts/console/${account}/unfreeze`, { headers, data: { reason: '演示结束，解除冻结' } })
      expect(done.ok(), await done.text()).toBe(true)
    },
  }
}

/** As though five minutes had passed: what is asked next of `url` by anything but GET takes a proof first. The proof is heard by the bank itself. */
export async function asksForProof(page: Page, url: string, ways: string[]): Promise<void> {
  let asked = false
  await page.route(url, async (route) => {
    if (asked || route.request().method() === 'GET') return route.fallback()
    asked = true
    return route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify({ code: 'step_up_needed', ways }) })
  })
}
