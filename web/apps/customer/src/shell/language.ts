// The words of the app per language; each language is its own download.
import type { Language, Words } from '@yuanhang/i18n'

/** Loads all words of a language. */
export async function loadWords(language: Language): Promise<Words> {
  const words = language === 'en' ? await import('./words/en') : await import('./words/zh-CN')
  return words.default
}
