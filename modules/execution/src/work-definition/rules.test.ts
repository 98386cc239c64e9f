import { draftWorkDefinition } from '@throughline/model'
import { expect, test } from 'vitest'
import { assertWorkDefinition } from './rules.ts'

const at = { path: 'aurora/aero/bench' }
const operation = (sequence: number, more: object = {}) => ({ sequence, name: `Step ${sequence}`, at, ...more })
const places = { hasPath: (path: string) => path === at.path }
const limits = (name: string) => ({ name, unit: 'bar', low: 1, target: null, high: 2 })

function judged(...operations: object[]): unknown {
  const { changeReason: _, ...content } = draftWorkDefinition.input.parse({
    code: 'R-1',
    product: 'BRK',
    operations,
    changeReason: 'first',
  })
  try {
    assertWorkDefinition(content, places)
  } catch (error) {
    return error
  }
  return undefined
}

test('a routing counts upwards, at places that there are, with its way back', () => {
  const parameters = [limits('pressure'), limits('vacuum')]
  const cure = operation(20, { at: { equipmentClass: 'Oven' }, reworkTo: 10, parameters, bomPositions: [10, 20] })
  expect(judged(operation(10), cure, operation(30, { reworkTo: 30 }))).toBeUndefined()
})

test.each<[string, object[], string, string]>([
  ['operations out of order', [operation(20), operation(10)], 'operations.1.sequence', 'count upwards'],
  ['two operations of one number', [operation(10), operation(10)], 'operations.1.sequence', 'count upwards'],
  [
    'a place that there is not',
    [operation(10, { at: { path: 'aurora/x' } })],
    'operations.0.at.path',
    'which there is not',
  ],
  [
    'rework that goes ahead',
    [operation(10, { reworkTo: 20 }), operation(20)],
    'operations.0.reworkTo',
    'at or before it',
  ],
  [
    'rework to no operation',
    [operation(10), operation(20, { reworkTo: 15 })],
    'operations.1.reworkTo',
    'at or before it',
  ],
  [
    'a parameter twice',
    [operation(10, { parameters: [limits('p'), limits('p')] })],
    'operations.0.parameters',
    'rename one',
  ],
  [
    'a special process that anybody may do',
    [operation(10, { specialProcess: true })],
    'operations.0.skills',
    'qualified by',
  ],
  ['a position twice', [operation(10, { bomPositions: [10, 10] })], 'operations.0.bomPositions', 'remove one'],
])('%s is refused by name', (_words, operations, path, message) => {
  expect(judged(...operations)).toMatchObject({
    kind: 'invalid',
    code: 'execution.work-definition-invalid',
    details: { fields: [{ path, message: expect.stringContaining(message) }] },
  })
})
