// Changing the language while the app runs: the words are fetched first, then everything changes at once.
import { inject, type App, type InjectionKey, type WritableComputedRef } from 'vue'
import type { createWords, Words } from './words'
import { chooseLanguage, type Language } from './language'

interface Choice {
  language: () => Language
  choose: (language: Language) => Promise<void>
}

const CHOICE: InjectionKey<Choice> = Symbol('language')

/** Gives the pages the choice of language; `load` fetches the words of one. */
export function provideLanguages(app: App, words: ReturnType<typeof createWords>, load: (language: Language) => Promise<Words>): void {
  const locale = words.global.locale as unknown as WritableComputedRef<Language>
  app.provide(CHOICE, {
    language: () => locale.value,
    async choose(language) {
      words.global.setLocaleMessage(language, (await load(language)) as never)
      locale.value = language
      chooseLanguage(language)
    },
  })
}

/** The language now and a way to change it; called in the set-up of a component. */
export function useLanguage(): Choice {
  const choice = inject(CHOICE)
  if (!choice) throw new Error('the app was started without languages')
  return choice
}
