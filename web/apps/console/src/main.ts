// Starts the console.
import '@yuanhang/ui/tokens.css'
import '@yuanhang/ui/base.css'
import './shell/element'
import './shell/theme.css'
import { createWords, preferredLanguage } from '@yuanhang/i18n'
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { createApp } from 'vue'
import { createShellRouter } from './shell/router'
import { retryable } from './shell/retry'
import ShellApp from './shell/ShellApp.vue'
import { enWords, zhWords } from './shell/words'

const language = preferredLanguage()
document.documentElement.lang = language
const words = createWords('zh-CN', zhWords)
words.global.setLocaleMessage('en', enWords)
words.global.locale.value = language

const client = new QueryClient({
  defaultOptions: { queries: { retry: retryable, staleTime: 5_000 }, mutations: { retry: false } },
})

createApp(ShellApp)
  .use(words)
  .use(VueQueryPlugin, { queryClient: client })
  .use(createShellRouter(client, words.global.t))
  .mount('#app')
