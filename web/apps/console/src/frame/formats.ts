// Numbers, instants and names from the server as staff read them.
import { formatDate, formatDateTime, type Language } from '@yuanhang/i18n'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'

/** Formats in the language of the page. */
export function useFormats() {
  const { locale, t, te } = useI18n()
  const language = computed(() => locale.value as Language)
  return {
    language,
    /** A count, grouped by thousands; a dash where there is none. */
    count: (n: number | null | undefined) => (n == null ? '—' : new Intl.NumberFormat(language.value).format(n)),
    /** An instant in the bank's time, to the second; a dash where there is none. */
    instant: (at: string | null | undefined) => (at ? formatDateTime(at, language.value) : '—'),
    /** A day in words; a dash where there is none. */
    day: (on: string | null | undefined) => (on ? formatDate(on, language.value) : '—'),
    /** The words for a name the server sends (`prefix.name`); the name itself where it is new to this page. */
    named: (prefix: string, name: string | null | undefined) => {
      if (!name) return '—'
      const full = `${prefix}.${name}`
      return te(full) ? t(full) : name
    },
  }
}
