// Which languages there are, and which one a person reads.

/** A language of the pages, as BCP 47 writes it. */
export type Language = 'zh-CN' | 'en'

/** Every language, the first one being the default. */
export const LANGUAGES: readonly Language[] = ['zh-CN', 'en']

/** Each language by its own name, for the chooser. */
export const languageNames: Record<Language, string> = { 'zh-CN': '简体中文', en: 'English' }

const REMEMBERED = 'yuanhang.language'

/** What the person chose before; else the first language of the browser that we have; else Chinese. */
export function preferredLanguage(browser: readonly string[] = navigator.languages): Language {
  const chosen = localStorage.getItem(REMEMBERED)
  const known = LANGUAGES.find((language) => language === chosen)
  if (known) return known
  for (const wanted of browser) {
    if (/^zh\b/i.test(wanted)) return 'zh-CN'
    if (/^en\b/i.test(wanted)) return 'en'
  }
  return 'zh-CN'
}

/** Remembers the choice and tells the browser, so that hyphens, fonts and readers follow. */
export function chooseLanguage(language: Language): void {
  localStorage.setItem(REMEMBERED, language)
  document.documentElement.lang = language
}
