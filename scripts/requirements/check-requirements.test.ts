import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { root } from '../start/build-pages.ts'
import { checkRequirements } from './check-requirements.ts'
import { readRequirements } from './requirement.ts'

let tree: string
beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'throughline-requirements-'))
})
afterEach(() => rmSync(tree, { recursive: true, force: true }))

const entry = (fields: Record<string, string>): string =>
  `  - ${Object.entries({
    id: 'P11-10d',
    statement: 'Nobody without a right gets in anywhere.',
    source: '21 CFR 11.10(d)',
    risk: 'low',
    intendedUse: 'direct',
    state: 'in-force',
    ...fields,
  })
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n    ')}\n`

function write(path: string, text: string): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true })
  writeFileSync(join(tree, path), text)
}
const requirements = (...entries: string[]): void =>
  write('docs/validation/requirements/part11.yaml', `document: 21 CFR Part 11\nrequirements:\n${entries.join('')}`)
const testFile = (path: string, title: string): void =>
  write(path, `import { test } from 'vitest'\ntest('${title}', () => { throw new Error() })\n`)

test('[A11-4.4] a tree whose requirements and tests fit has no problem, and its matrix is written', () => {
  requirements(entry({}))
  testFile('modules/identity/src/person/rules.test.ts', '[P11-10d] refused')
  testFile('modules/identity/node_modules/x/index.test.ts', '[P11-10x] not ours')
  const { problems, counts } = checkRequirements(tree, { compareOnly: false })
  expect(problems).toEqual([])
  expect(counts).toEqual({ requirements: 1, withTest: 1, unknownIds: 0 })
  expect(readFileSync(join(tree, 'docs/validation/trace-matrix.md'), 'utf8')).toContain('- refused (modules/identity')
  expect(checkRequirements(tree, { compareOnly: true }).problems).toEqual([])
})

test.each<[string, () => void]>([
  ['a test was added', () => testFile('apps/server/src/b.test.ts', '[P11-10d] added')],
  ['a requirement was reworded', () => requirements(entry({ statement: 'Nobody gets in anywhere without a right.' }))],
  ['the matrix was edited', () => write('docs/validation/trace-matrix.md', 'all is well')],
  ['there is no matrix', () => rmSync(join(tree, 'docs/validation/trace-matrix.md'))],
])('[A11-4.4!] %s: the committed matrix is refused, and not touched', (_, change) => {
  requirements(entry({}))
  testFile('e2e/a.test.ts', '[P11-10d] refused')
  checkRequirements(tree, { compareOnly: false })
  change()
  const { problems } = checkRequirements(tree, { compareOnly: true })
  expect(problems).toEqual([expect.stringContaining('run npm run requirements')])
  expect(checkRequirements(tree, { compareOnly: true }).problems).toHaveLength(1)
})

test.each<[string, string[], string]>([
  ['an id twice', [entry({}), entry({})], 'P11-10d is there twice'],
  [
    'another name that is an id',
    [entry({}), entry({ id: 'P11-10e', aliases: '[P11-10d]' })],
    'P11-10e calls itself P11-10d',
  ],
  ['a misspelt id', [entry({ id: '"the first"' })], 'an id looks like P11-10d'],
  ['a planned one that waits for nothing', [entry({ state: 'planned' })], 'P11-10d.planned'],
  [
    'one in force that waits',
    [entry({ planned: 'The batch record is not built yet.' })],
    'P11-10d: Unrecognized key: "planned"',
  ],
  ['no source', [entry({ source: '' })], 'P11-10d.source'],
  ['no statement', [entry({ statement: 'short' })], 'P11-10d.statement: say it in a sentence'],
  ['nothing at all', [], 'requirements'],
  ['no YAML', ['  - "'], 'part11.yaml is no YAML document'],
])('requirements with %s are refused by name', (_, entries, message) => {
  requirements(...entries)
  expect(() => readRequirements(join(tree, 'docs/validation/requirements'))).toThrow(message)
})

test.each([
  ['intendedUse', 'sometimes'],
  ['risk', 'unclear'],
])('[CSA-1!, CSA-2!] a requirement whose %s is "%s" is refused', (field, value) => {
  requirements(entry({ [field]: value }))
  expect(() => readRequirements(join(tree, 'docs/validation/requirements'))).toThrow(`P11-10d.${field}`)
})

test('[CSA-1, CSA-2] every requirement of this product tells its risk, its intended use and its source', () => {
  const all = readRequirements(join(root, 'docs/validation/requirements'))
  expect(all.length).toBeGreaterThan(100)
  for (const { risk, intendedUse, source } of all) {
    expect([risk, intendedUse, source]).not.toContain('')
  }
})
