// The rules of the web house: who may import whom, logical directions, words in both languages.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { flattenWords, type Words } from '../packages/i18n/src/words'

const web = resolve(dirname(fileURLToPath(import.meta.url)), '..')

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (['node_modules', 'dist', 'generated'].includes(name)) return []
    return statSync(path).isDirectory() ? filesUnder(path) : [path]
  })
}
const sources = ['apps', 'packages', 'tooling', 'e2e'].flatMap((folder) => filesUnder(join(web, folder)))
  .filter((path) => /\.(ts|vue|css|mjs)$/.test(path))
  .map((path) => ({ path: relative(web, path), text: readFileSync(path, 'utf8') }))

/** Where an import leads: a folder of this house, or nothing for a library. */
function target(path: string, wanted: string): string | undefined {
  const ours = /^@yuanhang\/(\w+)/.exec(wanted)
  if (ours) return `packages/${ours[1]}`
  return wanted.startsWith('.') ? join(dirname(path), wanted) : undefined
}
const imports = sources.flatMap(({ path, text }) =>
  [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].flatMap(([, wanted = '']) => {
    const to = target(path, wanted)
    return to ? [{ path, to }] : []
  }))
const room = (path: string) => /^(apps\/\w+\/src\/(?:features\/\w+|\w+)|packages\/\w+|apps\/\w+|\w+)/.exec(path)?.[1] ?? path

describe('imports', () => {
  it('finds some', () => expect(imports.length).toBeGreaterThan(100))
  it('features do not import each other, nor their shell', () => {
    const wrong = imports.filter(({ path, to }) => /src\/features\//.test(path) && !to.startsWith('packages/') && room(to) !== room(path))
    // What all pages of an app look like may stand in a frame beside the features.
    expect(wrong.filter(({ to }) => !/src\/frame\b/.test(to))).toEqual([])
  })
  it('packages do not import apps', () => {
    expect(imports.filter(({ path, to }) => path.startsWith('packages/') && to.startsWith('apps/'))).toEqual([])
  })
  it('apps do not import each other', () => {
    const app = (path: string) => /^apps\/(\w+)/.exec(path)?.[1]
    expect(imports.filter(({ path, to }) => app(path) && app(to) && app(path) !== app(to))).toEqual([])
  })
  it('ui knows no network', () => {
    expect(imports.filter(({ path, to }) => path.startsWith('packages/ui/') && /^packages\/(api|session)/.test(to))).toEqual([])
  })
  it('packages form no loop', () => {
    const edges = new Map<string, Set<string>>()
    for (const { path, to } of imports) {
      const [from, into] = [room(path), room(to)]
      if (!from.startsWith('packages/') || !into.startsWith('packages/') || from === into) continue
      edges.set(from, (edges.get(from) ?? new Set()).add(into))
    }
    const loops = (at: string, way: string[]): boolean => way.includes(at) || [...(edges.get(at) ?? [])].some((next) => loops(next, [...way, at]))
    expect([...edges.keys()].filter((start) => loops(start, []))).toEqual([])
  })
})

describe('files', () => {
  it('say first what they are', () => {
    expect(sources.filter(({ text }) => !/^(?:<script setup[^>]*>\n)?(?:\/\/|\/\*|<!--)/.test(text)).map(({ path }) => path)).toEqual([])
  })
  it('stay under 300 lines, lists of words aside', () => {
    expect(sources.filter(({ path, text }) => !/words/.test(path) && text.split('\n').length > 301).map(({ path }) => path)).toEqual([])
  })
  it('use logical directions', () => {
    const physical = /(?:^|[\s;{])(?:(?:margin|padding|border)-(?:left|right|top|bottom)|(?:left|right|top|bottom)|(?:max-|min-)?(?:width|height))\s*:|text-align:\s*(?:left|right)|float:/m
    const styles = sources.filter(({ path }) => /\.(vue|css)$/.test(path)).map(({ path, text }) => ({
      path,
      style: (path.endsWith('.css') ? text : [...text.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map((found) => found[1]).join('\n')).replace(/@media[^{]*\{|\/\*[\s\S]*?\*\//g, ''),
    }))
    expect(styles.filter(({ style }) => physical.test(style)).map(({ path }) => path)).toEqual([])
  })
})

async function wordsOf(app: string, language: string): Promise<Record<string, string>> {
  const module = (await import(`../apps/${app}/src/shell/words/${language}.ts`)) as { default: Words }
  return flattenWords(module.default)
}

// The console tests its own words beside them.
describe.each(['customer'])('words of %s', (app) => {
  it('are complete in both languages, with the same places for values', async () => {
    const [chinese, english] = await Promise.all([wordsOf(app, 'zh-CN'), wordsOf(app, 'en')])
    expect(Object.keys(english).sort()).toEqual(Object.keys(chinese).sort())
    const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort()
    for (const [name, text] of Object.entries(chinese)) {
      expect(text.trim(), name).not.toBe('')
      expect(english[name]?.trim(), name).not.toBe('')
      expect(places(english[name] ?? ''), name).toEqual(places(text))
    }
  })
  it('English holds no Chinese', async () => {
    const english = await wordsOf(app, 'en')
    expect(Object.entries(english).filter(([, text]) => /[\u4e00-\u9fff]/.test(text))).toEqual([])
  })
  it('exist wherever a page asks for them', async () => {
    const chinese = await wordsOf(app, 'zh-CN')
    const asked = sources.filter(({ path }) => path.startsWith(`apps/${app}/`) || path.startsWith('packages/session/'))
      .flatMap(({ path, text }) => [...text.matchAll(/\bt\('([\w.-]+)'/g)].map((found) => ({ path, name: found[1] ?? '' })))
    expect(asked.length).toBeGreaterThan(50)
    expect(asked.filter(({ name }) => !(name in chinese))).toEqual([])
  })
})
