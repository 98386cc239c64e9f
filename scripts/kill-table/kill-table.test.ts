import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Control } from './control.ts'
import type { Outcome } from './kill-table.ts'
import { killTable, renderKillTable } from './kill-table.ts'

const guarded = `
  const locked = process.env.THROUGHLINE_TEST_WITHOUT !== 'door-lock'
  describe('the door', () => {
    test('[R-1!] is locked', () => expect(locked).toBe(true))
    test('stays where it is', () => expect(locked).toBe(true))
  })
  test('[R-2!] the window is shut', () => expect(process.env.THROUGHLINE_TEST_WITHOUT).not.toBe('nothing'))
`
const broken = `
  test('[R-1!] is locked', () => expect(1).toBe(2))
`
/** Without its control this file cannot be loaded: that is an accident, and no test of anything. */
const unloadable = `
  if (process.env.THROUGHLINE_TEST_WITHOUT === 'fuse') throw new Error('no light')
  test('[R-1!] is locked', () => expect(1).toBe(1))
`

const control = (id: string, requirements: string[], tests: string[]): Control => ({
  id,
  name: 'it',
  cuts: [],
  requirements,
  tests,
})

let tree: string
let outcomes: Outcome[]
beforeAll(async () => {
  tree = mkdtempSync(join(tmpdir(), 'throughline-kill-table-test-'))
  writeFileSync(join(tree, 'vitest.config.mjs'), 'export default { test: { globals: true } }\n')
  writeFileSync(join(tree, 'guarded.test.js'), guarded)
  writeFileSync(join(tree, 'broken.test.js'), broken)
  writeFileSync(join(tree, 'unloadable.test.js'), unloadable)
  outcomes = await killTable(
    tree,
    [
      control('door-lock', ['R-1'], ['guarded.test.js']),
      control('window-bolt', ['R-2'], ['guarded.test.js']),
      control('door-lock', ['R-2'], ['guarded.test.js']),
      control('door-lock', ['R-9'], ['guarded.test.js']),
      control('door-lock', ['R-1'], ['broken.test.js']),
      control('door-lock', ['R-1'], ['absent.test.js']),
      control('fuse', ['R-1'], ['unloadable.test.js']),
      control('nothing-at-all', ['R-1'], []),
    ],
    () => {},
  )
})
afterAll(() => rmSync(tree, { recursive: true, force: true }))

test('[SR-3.3] a control is killed by a failing test that names its requirement; others that fail are counted', () => {
  expect(outcomes[0]).toMatchObject({ killedBy: ['the door > [R-1!] is locked'], othersFailed: 1, problem: '' })
})

test.each([
  ['that no test misses', 1, 'every test passes without it, none that names R-2'],
  ['that only tests of something else miss', 2, '2 other tests fail without it, none that names R-2'],
  ['whose requirement no test names', 3, 'no test of these files names R-9'],
  ['whose tests fail anyway', 4, 'fails with every control in place: broken.test.js'],
  ['whose tests are not there', 5, 'no such test file ran: absent.test.js'],
  ['without which the tests cannot be loaded', 6, 'unloadable.test.js did not run: no light'],
  ['without tests', 7, 'it lists no test file'],
])('[SR-3.3!] a control %s survives, and the table says why', (_, index, problem) => {
  expect(outcomes[index]).toMatchObject({ killedBy: [], problem })
})

test('the table has a line for each control, with the tests that killed it or the reason why none did', () => {
  const lines = renderKillTable(outcomes.slice(0, 2)).split('\n')
  expect(lines).toEqual([
    'killed    door-lock  it  [R-1]',
    '            by the door > [R-1!] is locked',
    '            and 1 other tests',
    'SURVIVES  window-bolt  it  [R-2]',
    '            every test passes without it, none that names R-2',
  ])
})

test('with no control there is nothing to run', async () => {
  expect(await killTable(tree, [], () => {})).toEqual([])
})
