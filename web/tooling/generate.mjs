// Writes the types of the bank's HTTP interface from its own description.
//
//   npm run generate -- path/to/openapi.json [path/to/output.ts]
//
// The result is committed; `cargo xtask docs --check` compares it with what the server describes.
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

const [from, elsewhere] = process.argv.slice(2)
if (!from) {
  console.error('usage: npm run generate -- path/to/openapi.json [path/to/output.ts]')
  process.exit(2)
}
const here = dirname(fileURLToPath(import.meta.url))
const to = elsewhere ? resolve(elsewhere) : resolve(here, '../packages/api/src/generated/schema.ts')
const description = JSON.parse(await readFile(resolve(from), 'utf8'))
const header = '// Generated from the server\'s description by `npm run generate`; do not edit.\n\n'
await writeFile(to, header + astToString(await openapiTS(description, { alphabetize: true })))
