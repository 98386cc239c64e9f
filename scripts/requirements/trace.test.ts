import { expect, test } from 'vitest'
import { renderMatrix } from './matrix.ts'
import type { Requirement } from './requirement.ts'
import type { TitledTest } from './test-titles.ts'
import { readTitle } from './title-ids.ts'
import { trace } from './trace.ts'

const common: Omit<Requirement, 'id' | 'statement' | 'state'> = {
  aliases: [],
  source: 'a clause',
  risk: 'low',
  intendedUse: 'direct',
}
const inForce = (id: string, more: Partial<Requirement> = {}): Requirement =>
  ({ ...common, id, statement: `what ${id} demands`, state: 'in-force', ...more }) as Requirement
const planned: Requirement = {
  ...common,
  id: 'R-9',
  statement: 'a thing of later',
  state: 'planned',
  planned: 'waits for the batch record',
}
const procedure: Requirement = {
  ...common,
  id: 'R-8',
  statement: 'a thing of people',
  state: 'procedure',
  procedure: 'the site writes a letter',
}

function titled(title: string, file = 'a.test.ts', conditional = false): TitledTest {
  const { ids, text } = readTitle(title)
  return { file, title: text, ids, conditional }
}

test('[A11-4.4] each requirement has its tests and each test its requirements, by any of its ids', () => {
  const found = trace(
    [
      inForce('R-1', { aliases: ['D-6'] }),
      inForce('R-2', { aliases: ['R-1/2'] }),
      inForce('R-3', { aliases: ['R-1/2'] }),
    ],
    [titled('[R-1] one'), titled('[D-6, R-1/2] two', 'b.test.ts')],
  )
  expect(found.problems).toEqual([])
  expect(found.requirements.map(({ evidence }) => evidence.map((one) => one.test.title))).toEqual([
    ['one', 'two'],
    ['two'],
    ['two'],
  ])
})

test.each<[string, Requirement[], string[], string]>([
  ['in force, and no test names it', [inForce('R-1')], [], 'R-1 is in force and no test names it'],
  ['an id that nobody wrote down', [], ['[R-7] who'], 'a.test.ts: "who" names R-7, which no requirement has'],
  ['planned, and a test names it', [planned], ['[R-9] early'], 'a.test.ts: "early" names R-9, which is planned'],
  ['met by procedure, and a test names it', [procedure], ['[R-8] odd'], 'names R-8, which is procedure'],
])('[A11-4.4!, GA-5!] %s: a problem that says which', (_, requirements, titles, message) => {
  const { problems } = trace(
    requirements,
    titles.map((title) => titled(title)),
  )
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(message)
})

test('[GA-3!, CSA-3!] a requirement of high risk needs a test that challenges it, one of lower risk any test', () => {
  const requirements = [inForce('R-1', { risk: 'high' }), inForce('R-2', { risk: 'medium' })]
  expect(trace(requirements, [titled('[R-1, R-2] all is well')]).problems).toEqual([
    'R-1 is of high risk and no test challenges it: one that does carries [R-1!] in its title',
  ])
  expect(trace(requirements, [titled('[R-1, R-2] all is well'), titled('[R-1!] refused')]).problems).toEqual([])
  expect(trace(requirements, [titled('[R-2] all is well'), titled('[R-1!] refused')]).problems).toEqual([])
})

test('the matrix shows both ways, the challenges, what is open, and is the same whenever it is made', () => {
  const requirements = [inForce('R-1', { aliases: ['D-6'] }), inForce('R-2'), planned, procedure]
  const tests = [titled('[R-1!] a | refused', 'b.test.ts'), titled('[D-6] b', 'a.test.ts', true)]
  const matrix = renderMatrix(trace(requirements, tests))
  expect(renderMatrix(trace(requirements, tests))).toBe(matrix)
  expect(matrix).toContain('| 4 | 2 | 1 | 1 | 1 | 2 | 1 |')
  expect(matrix).toContain('### R-1 · D-6\nwhat R-1 demands')
  expect(matrix).toContain('- a \\| refused **challenge** (b.test.ts)')
  expect(matrix).toContain('- b **only where its condition holds** (a.test.ts)')
  expect(matrix).toContain('### a.test.ts\n- b → R-1')
  expect(matrix).toContain('### b.test.ts\n- a \\| refused → R-1!')
  expect(matrix).toContain('- **R-2** what R-2 demands')
  expect(matrix).toContain('| R-9 | a thing of later | waits for the batch record |')
  expect(matrix).toContain('| R-8 | a thing of people | the site writes a letter |')
})
