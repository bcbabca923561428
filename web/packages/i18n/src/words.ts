// The words of an app: trees of texts, one tree per language, loaded when the language is chosen.
import { createI18n } from 'vue-i18n'
import type { Language } from './language'

/** Texts by name; a name may hold further names. */
export interface Words {
  [name: string]: string | Words
}

/** The vue-i18n instance of an app, with the words of the language it starts in. */
export function createWords(language: Language, words: Words) {
  return createI18n({
    legacy: false,
    locale: language,
    fallbackLocale: false,
    messages: { [language]: words } as Record<string, Words>,
    missingWarn: false,
    fallbackWarn: false,
  })
}

/** Every full name with its text, `{a: {b: "x"}}` → `{"a.b": "x"}`; the tests compare languages with it. */
export function flattenWords(words: Words, prefix = ''): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(words)) {
    if (typeof value === 'string') flat[prefix + name] = value
    else Object.assign(flat, flattenWords(value, `${prefix}${name}.`))
  }
  return flat
}
