// The bank's own people: reading the outbox, finding accounts, lifting freezes when a story is over.
import { expect, type APIRequestContext } from '@playwright/test'

/** What a story may ask of the bank's people. */
export interface Desk {
  /** The newest one-time code that was sent to a phone. */
  codeFor: (phone: string) => Promise<string>
  /** Lifts the freeze of an account where there is one. */
  unfreeze: (account: string) => Promise<void>
}

export async function openDesk(request: APIRequestContext, staff: { name: string; password: string }): Promise<Desk> {
  const answer = await request.post('/api/identity/console/sign-in', { data: staff })
  expect(answer.ok(), await answer.text()).toBe(true)
  const { token } = (await answer.json()) as { token: string }
  const headers = { Authorization: `Bearer ${token}` }
  return {
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
