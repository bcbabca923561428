// How long something took or has waited, in words.
import type { Language } from '@yuanhang/i18n'

const STEPS = [
  { unit: 'second', seconds: 1, below: 60 },
  { unit: 'minute', seconds: 60, below: 3600 },
  { unit: 'hour', seconds: 3600, below: 172_800 },
  { unit: 'day', seconds: 86_400, below: Infinity },
]

/** Whole seconds in the largest unit of which there is one; hours up to two days. A dash where there is none. */
export function ageText(seconds: number | null | undefined, language: Language): string {
  const step = seconds == null ? undefined : STEPS.find(({ below }) => seconds < below)
  if (seconds == null || !step) return '—'
  const format = new Intl.NumberFormat(language, { style: 'unit', unit: step.unit, unitDisplay: language === 'en' ? 'long' : 'short' })
  return format.format(Math.floor(seconds / step.seconds))
}
