import { newId } from '@throughline/kernel'
import { TagTemplate } from '@throughline/model'
import { expect, test } from 'vitest'
import { addressProblem, instantiate, meaningProblem, namesInCollision } from './rules.ts'

const template = TagTemplate.parse({ name: 'Temperature', dataType: 'double', unit: 'Cel', rangeLow: 0, rangeHigh: 60 })
const node = { id: newId<'EquipmentNode'>(), path: 'aurora/bio/br-01' }
const tag = instantiate(newId<'Tag'>(), node, template, null)

test('a tag stands below its node under its own name in lower case', () => {
  expect(tag).toMatchObject({
    path: 'aurora/bio/br-01/temperature',
    name: 'Temperature',
    nodeId: node.id,
    source: null,
  })
})

test.each([
  { change: { description: 'inner wall' }, problem: undefined },
  { change: { rangeHigh: 80, deadband: 0.5, decimals: 1, writable: true }, problem: undefined },
  { change: { unit: 'K' }, problem: 'kept in "Cel", the class now says "K"' },
  { change: { dataType: 'int64' as const }, problem: 'kept as double, the class now says int64' },
])('a tag with readings may take $change: $problem', ({ change, problem }) => {
  const answer = meaningProblem(tag, { ...template, ...change })
  if (problem === undefined) expect(answer).toBeUndefined()
  else expect(answer).toContain(problem)
})

test.each(['ns=2;s=BR-01.Temperature', 'holding/100/int16', 'BIO/AGV-01:Battery', 'ns=3;s="DB 1"."Größe"'])(
  'address %s may go to its driver',
  (address) => {
    expect(addressProblem(address)).toBeUndefined()
  },
)

test.each([' ns=2;s=A', 'ns=2;s=A ', 'ns=2;s=A\n', 'ns=2;\ts=A', 'ns=2;s=\u0000', 'ns=2;s=\u0085A'])(
  'address %j is refused before a driver sees it',
  (address) => {
    expect(addressProblem(address)).toContain('remove it')
  },
)

test('names that differ only in case collide', () => {
  expect(namesInCollision(['Speed', 'State', 'speed', 'STATE'])).toEqual(['speed', 'STATE'])
  expect(namesInCollision(['Speed', 'State'])).toEqual([])
})
