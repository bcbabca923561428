// Browser stories in Debian's Chromium: both languages, on a phone and at a desk, a bank in one process and one in many.
//
// YUANHANG_URL names a running demonstration bank, YUANHANG_SIGN_INS the file of those who may sign in to it, and
// YUANHANG_BANK says whether it is `whole` or `split` over processes.
// YUANHANG_BERKA_URL and YUANHANG_BERKA name a bank with the public Berka books and the folder of the books.
import { defineConfig, type PlaywrightTestOptions, type Project } from '@playwright/test'
import type { StoryOptions } from './support/story'

const places = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desk: { viewport: { width: 1280, height: 860 }, deviceScaleFactor: 1 },
}
// Staff sit at desks; a page at a desk is scanned with a phone, and not the other way; waiting is the same everywhere.
const elsewhere = { phone: /(audit|jobs|news|policies|scan|staff|tablets|third-parties|two-eyes|unmask)\.story\.ts$/, desk: /recovery\.story\.ts$/ }

// A page does not know how many processes answer it. So each story is told once in each language and place where it
// belongs, half of these times to the one bank and half to the other: every story is told to both banks.
// A bank of which nothing is said is told everything.
const told: Record<string, readonly Pick<StoryOptions, 'language' | 'place'>[]> = {
  whole: [{ language: 'zh-CN', place: 'phone' }, { language: 'en', place: 'desk' }],
  split: [{ language: 'zh-CN', place: 'desk' }, { language: 'en', place: 'phone' }],
}
const asked = told[process.env['YUANHANG_BANK'] ?? ''] ?? Object.values(told).flat()

const projects: Project<PlaywrightTestOptions & StoryOptions>[] = asked.map(({ language, place }) => (
  { name: `${language} ${place}`, testDir: './stories', testIgnore: elsewhere[place], use: { ...places[place], locale: language, language, place } }
))
if (process.env['YUANHANG_BERKA_URL']) {
  projects.push({ name: 'berka', testDir: './berka', use: { ...places.phone, baseURL: process.env['YUANHANG_BERKA_URL'], locale: 'en', language: 'en', place: 'phone' } })
} else if (process.env['TEST_WORKER_INDEX'] === undefined) {
  console.log('the Berka books are not at hand (YUANHANG_BERKA_URL): their story is not among those told')
}

export default defineConfig<PlaywrightTestOptions & StoryOptions>({
  outputDir: '../test-results',
  testMatch: /\.story\.ts$/,
  forbidOnly: true,
  retries: 0,
  // One bank, one story at a time: the stories move money and look at what is left.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  projects,
  use: {
    baseURL: process.env['YUANHANG_URL'],
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env['YUANHANG_CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync',
      ],
    },
  },
})
