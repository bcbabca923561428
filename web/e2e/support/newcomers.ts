// Somebody who becomes a customer without a page: what a story begins with.
import { expect, type APIRequestContext } from '@playwright/test'
import type { Desk } from './desk'
import { newcomer } from './people'

/** Signs up as a program does; the bank knows no device of theirs afterwards. */
export async function signUp(request: APIRequestContext, desk: Desk) {
  const person = newcomer()
  const { phone, id_number, password, display_name: name } = person
  const asked = await request.post('/api/identity/codes', { data: { phone, purpose: 'sign_up' } })
  expect(asked.ok(), await asked.text()).toBe(true)
  const code = await desk.codeFor(phone)
  const { documents: agreed } = (await (await request.get('/api/customers/documents')).json()) as { documents: unknown[] }
  const done = await request.post('/api/identity/sign-up', { data: { phone, code, name, id_number, password, agreed } })
  expect(done.ok(), await done.text()).toBe(true)
  return person
}
