// Puts the app together: words, client, the server's answers, pages.
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import { createApi, isRefusal } from '@yuanhang/api'
import { chooseLanguage, createWords, preferredLanguage, provideLanguages } from '@yuanhang/i18n'
import { provideApi, SESSION_KEY } from '@yuanhang/session'
import AppShell from './AppShell.vue'
import { loadWords } from './language'
import { createPages } from './pages'

/** Answers are asked for again after a lost connection, never after a refusal. */
function worthAnother(failures: number, error: unknown): boolean {
  return failures < 2 && isRefusal(error) && error.unclear
}

export async function startApp(): Promise<void> {
  const language = preferredLanguage()
  chooseLanguage(language)
  const words = createWords(language, await loadWords(language))
  const answers = new QueryClient({
    defaultOptions: { queries: { staleTime: 5_000, retry: worthAnother }, mutations: { retry: false } },
  })
  const api = createApi({
    language: () => words.global.locale.value,
    onSignedOut: () => {
      answers.setQueryData(SESSION_KEY, null)
      const here = pages.currentRoute.value
      if (!here.meta['open']) void pages.push({ name: 'sign-in', query: { next: here.fullPath } })
    },
  })
  const pages = createPages(api, answers)
  const app = createApp(AppShell).use(words).use(VueQueryPlugin, { queryClient: answers })
  provideApi(app, api)
  provideLanguages(app, words, loadWords)
  app.use(pages)
  await pages.isReady()
  app.mount('#app')
}
