import { expect, test } from 'vitest'
import { titledTests } from './test-titles.ts'
import { readTitle } from './title-ids.ts'

const found = (body: string, imports = "import { describe, it, test } from 'vitest'") =>
  titledTests('a.test.ts', `${imports}\n${body}`).map(({ ids, title }) => [ids.map(({ id }) => id).join(' '), title])

test.each<[string, string[], string]>([
  ['[P11-10d] no session', ['P11-10d'], 'no session'],
  ['[P11-10d!, SR-2.1-RE2] no session', ['P11-10d!', 'SR-2.1-RE2'], 'no session'],
  ['[211.68b] [A11-4.4!] both', ['211.68b', 'A11-4.4!'], 'both'],
  ['[P11-200a2/3] two people', ['P11-200a2/3'], 'two people'],
  ['[X22-scope, oops] a misspelt one stays visible', ['X22-scope', 'oops'], 'a misspelt one stays visible'],
  [
    '[tck-id-topics-nbirth-topic] [UA-1] [SR-1.8!] other lists are left alone',
    ['SR-1.8!'],
    'other lists are left alone',
  ],
  ['[pH] is a unit', [], '[pH] is a unit'],
  ['an id [P11-10d] in the middle', [], 'an id [P11-10d] in the middle'],
  ['', [], ''],
])('%j names %j', (title, ids, text) => {
  const read = readTitle(title)
  expect(read.ids.map(({ id, challenge }) => id + (challenge ? '!' : ''))).toEqual(ids)
  expect(read.text).toBe(text)
})

test('[A11-4.4] every way to write a test is read: plain, each, templates, tables, groups, other names', () => {
  expect(
    found(`
      test('[R-1] plain', () => { check() })
      it("[R-2] it", async () => check())
      test.each([1, 2])('[R-3] each %d', (n) => { check(n) })
      test.each\`a | b\n\${1} | \${2}\`('[R-4] table', () => { check() })
      test.each<[string]>([['x']])(\`[R-5] template\`, () => { check() })
      test(\`[R-6] with \${name} inside\`, () => { check() })
      test('[R-7] in ' + 'pieces ' + name, () => { check() })
      test.concurrent('[R-8] modified', { timeout: 5 }, () => { check() })
      describe('[R-9] a group', () => {
        describe('of groups', () => { test.for([1])('[R-10] inner', () => { check() }) })
      })
      for (const one of all) test('[R-11] in a loop', () => { check(one) })
      test('[R-12] a function by its name', check)
    `),
  ).toEqual([
    ['R-1', 'plain'],
    ['R-2', 'it'],
    ['R-3', 'each %d'],
    ['R-4', 'table'],
    ['R-5', 'template'],
    ['R-6', 'with … inside'],
    ['R-7', 'in pieces …'],
    ['R-8', 'modified'],
    ['R-9', 'a group'],
    ['R-10', 'inner'],
    ['R-11', 'in a loop'],
    ['R-12', 'a function by its name'],
  ])
  expect(found("check('[R-1] renamed', () => { expect(1) })", "import { test as check } from 'vitest'")).toHaveLength(1)
})

test('[A11-4.4!] what does not run, or cannot fail, proves nothing', () => {
  expect(
    found(`
      // test('[R-1] commented out', () => { check() })
      /* test('[R-2] commented out', () => { check() }) */
      test.skip('[R-3] skipped', () => { check() })
      test.todo('[R-4] to do')
      test('[R-5] without a body')
      test('[R-6] with an empty body', () => {})
      test.fails('[R-7] known to fail', () => { check() })
      test('[R-8] skipped by option', { skip: true }, () => { check() })
      describe.skip('[R-9] a skipped group', () => { test('[R-10] inside', () => { check() }) })
      describe('[R-11] a group without a test', () => {})
      describe('[R-12] a group of skipped tests', () => { test.skip('x', () => { check() }) })
      test.skip.each([1])('[R-13] skipped, each', () => { check() })
      const text = "test('[R-14] in a string', () => { check() })"
      pattern.test('[R-15] something else called test')
      test('[R-16] a body by option alone', { timeout: 5 })
    `),
  ).toEqual([])
  expect(found("test('[R-1] of another tool', () => { check() })", "import { test } from 'node:test'")).toEqual([])
})

test('a test that runs only under a condition says so, its inner ones too', () => {
  const source = `import { describe, test } from 'vitest'
    describe.skipIf(away)('[R-1] a group', () => { test('[R-2] inside', () => { check() }) })
    test.runIf(here)('[R-3] alone', () => { check() })
    test('[R-4] always', () => { check() })`
  expect(titledTests('a.test.tsx', source).map(({ conditional }) => conditional)).toEqual([true, true, true, false])
})
