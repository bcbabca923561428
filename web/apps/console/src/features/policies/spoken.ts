// Which of two texts is read: Chinese, or English where there is one.

/** The text in the language of the page. */
export function spoken(of: { says: string; says_en: string }, locale: string): string {
  return locale.startsWith('zh') || of.says_en === '' ? of.says : of.says_en
}

/** When a change holds, as a short list: `mini_program · 1`; empty where it always holds. */
export function times(only: { channel: string; assurance: number }[], channel: (name: string) => string): string[] {
  const levels = new Map<string, number[]>()
  for (const { channel: name, assurance } of only) levels.set(name, [...(levels.get(name) ?? []), assurance])
  return [...levels].map(([name, found]) => (found.length === 3 ? channel(name) : `${channel(name)} ${found.join('/')}`))
}
