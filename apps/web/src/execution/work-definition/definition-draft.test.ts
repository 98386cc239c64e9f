import type { WorkDefinition } from '@throughline/model'
import { draftWorkDefinition } from '@throughline/model'
import { expect, test } from 'vitest'
import { contentOf, movedOperations, nextSequence, typedOf } from './definition-draft.ts'

const parsed = draftWorkDefinition.input.parse({
  ...{ code: 'R-7', product: 'BRK-7', changeReason: 'new fixture', underPercent: 5 },
  drawing: { number: 'D-7', revision: 'B' },
  operations: [
    { sequence: 10, name: 'Cut', at: { path: 'aurora/aero' }, setupSeconds: 60, bomPositions: [10, 20] },
    {
      ...{
        sequence: 20,
        name: 'Cure',
        at: { equipmentClass: 'Autoclave' },
        batchSize: 6,
        skills: ['CURE'],
        tools: ['tc'],
      },
      ...{ instruction: 'WI-7', needsCleaning: true, specialProcess: true, reworkTo: 10 },
      parameters: [{ name: 'Temperature', tag: 'AirTemperature', unit: 'Cel', low: 175, target: 180, high: 185 }],
      program: { name: 'cure-7', sha256: 'b'.repeat(64) },
    },
  ],
})
const typed = typedOf({ ...parsed, version: 2, state: 'draft' } as WorkDefinition)

test('what stands in a work definition is what is sent when nobody types anything', () => {
  expect(contentOf(typed)).toEqual({ content: parsed })
})

test('what cannot be sent is named at its operation', () => {
  const [cut, cure] = typed.operations
  if (cut === undefined || cure === undefined) throw new Error('two operations are expected')
  const read = contentOf({ ...typed, operations: [cut, { ...cure, batchSize: 'six', equipmentClass: '' }] })
  expect(read).toEqual({
    problems: [
      { part: 1, message: 'Worked on together: "six" is no number' },
      { part: 1, message: 'place › class: it is missing' },
    ],
  })
})

test('a moved operation takes the sequence of its new place, and rework follows the operation that it names', () => {
  const moved = movedOperations(typed.operations, 1, 0)
  expect(moved.map(({ name, sequence, reworkTo }) => [name, sequence, reworkTo])).toEqual([
    ['Cure', '10', '20'],
    ['Cut', '20', ''],
  ])
  expect(nextSequence(moved)).toBe('30')
})
