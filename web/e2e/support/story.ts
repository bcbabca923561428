// What every story starts from: the words of its language, a fresh browser, and the bank as a tester sees it.
import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { seal } from '@yuanhang/session/sealing'
import { expect, test as base, type APIRequestContext, type Page } from '@playwright/test'
import appChinese from '../../apps/customer/src/shell/words/zh-CN'
import appEnglish from '../../apps/customer/src/shell/words/en'
import { enWords, zhWords } from '../../apps/console/src/shell/words'
import { openDesk, type Desk } from './desk'
import { signIns, type Person, type SignIns } from './people'

/** What a project says of itself. */
export interface StoryOptions {
  language: 'zh-CN' | 'en'
  place: 'phone' | 'desk'
}

interface Story {
  /** The words of the customer app. */
  app: typeof appChinese
  /** The words of the console. */
  console: typeof zhWords
  people: SignIns
  /** The bank's own people, through the interface. */
  desk: Desk
  /** The bank as a program of a customer's asks it, beside their browser. */
  program: (person: Person) => Promise<APIRequestContext>
  /** Takes a picture; kept for the documents where `YUANHANG_PICTURES` is set. Only the Chinese stories take some. */
  picture: (page: Page, name: string) => Promise<void>
}

// Kept only when asked for, so that a test run leaves the tree as it was.
const images = process.env['YUANHANG_PICTURES'] && resolve(dirname(fileURLToPath(import.meta.url)), '../../../docs/images')

export const test = base.extend<StoryOptions & Story>({
  language: ['zh-CN', { option: true }],
  place: ['phone', { option: true }],
  app: async ({ language }, use) => use(language === 'en' ? (appEnglish as typeof appChinese) : appChinese),
  console: async ({ language }, use) => use(language === 'en' ? enWords : zhWords),
  // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of what a fixture needs from here
  people: async ({}, use) => use(signIns()),
  desk: async ({ playwright, baseURL, people }, use) => {
    const request = await playwright.request.newContext({ baseURL: baseURL ?? '' })
    await use(await openDesk(request, people))
    await request.dispose()
  },
  program: async ({ playwright, baseURL }, use) => {
    const opened: APIRequestContext[] = []
    await use(async ({ name_to_sign_in: name, password }) => {
      const door = await playwright.request.newContext({ baseURL: baseURL ?? '' })
      const { challenge, key } = (await (await door.post('/api/identity/envelope')).json()) as { challenge: string; key: string }
      const answer = await door.post('/api/identity/sign-in', { data: { name, password: await seal(password, key), sealed_by: challenge } })
      expect(answer.ok(), await answer.text()).toBe(true)
      const { token } = (await answer.json()) as { token: string }
      await door.dispose()
      const inside = await playwright.request.newContext({ baseURL: baseURL ?? '', extraHTTPHeaders: { Authorization: `Bearer ${token}` } })
      opened.push(inside)
      return inside
    })
    await Promise.all(opened.map((one) => one.dispose()))
  },
  picture: async ({ language, place }, use, story) => {
    await use(async (page, name) => {
      // The app is shown on the phone, the console at a desk.
      if (language !== 'zh-CN' || place !== (name.startsWith('console') ? 'desk' : 'phone')) return
      if (images) mkdirSync(images, { recursive: true })
      const path = images ? resolve(images, `${name}.png`) : story.outputPath(`${name}.png`)
      await page.evaluate(() => window.scrollTo(0, 0))
      await page.screenshot({ path, animations: 'disabled', caret: 'hide' })
    })
  },
})

export { expect }

/** A text with its values put in, as the pages do it. */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}
