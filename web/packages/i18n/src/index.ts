// The two languages of the pages: Chinese first, English complete.
export type { Language } from './language'
export { chooseLanguage, LANGUAGES, languageNames, preferredLanguage } from './language'
export { provideLanguages, useLanguage } from './choice'
export { createWords, flattenWords, type Words } from './words'
export { dayLabel, formatDate, formatDateTime, formatTime, monthLabel, relativeDay } from './dates'
export { default as LanguageOthers } from './LanguageOthers.vue'
