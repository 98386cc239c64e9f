import type { Id, Instant } from '@throughline/kernel'
import type { AlarmCondition, DomainEvents } from '@throughline/model'
import { expect, test } from 'vitest'
import { ofDeviation, ofGauge, ofInspection, raises } from './rules.ts'

const [plant, site, oven, mill] = ['plant', 'site', 'oven', 'mill'] as Id<'EquipmentNode'>[] as [
  Id<'EquipmentNode'>,
  Id<'EquipmentNode'>,
  Id<'EquipmentNode'>,
  Id<'EquipmentNode'>,
]
const parents = new Map<string, Id<'EquipmentNode'> | null>([
  [plant, null],
  [site, plant],
  [oven, site],
  [mill, site],
])
const nodes = {
  node: (id: string) => (parents.has(id) ? { parentId: parents.get(id) ?? null, path: id } : undefined),
}
type Condition = Extract<AlarmCondition, { kind: 'event' }>
const definition = (
  nodeId: Id<'EquipmentNode'>,
  source: Condition['source'],
  ...severities: Condition['severities']
) => ({
  nodeId,
  condition: { kind: 'event' as const, source, severities },
})

const at = 5 as Instant
const deviationId = 'd' as Id<'Deviation'>
type Opened = NonNullable<DomainEvents['quality.deviation-opened']['opened']>
const deviation = (changes: Partial<Opened> = {}) =>
  ofDeviation({
    ...{ deviationId, code: 'DEV-0042', orderId: null, runId: null, lots: [], at },
    opened: { title: 'Part dropped', severity: 'major', nodeId: oven, cause: 'person', ...changes },
  })

test('a deviation is an alarm of the place where it happened and of all above it, by its severity', () => {
  const found = deviation()
  if (found === undefined) throw new Error('a deviation is something')
  expect(found.detail).toBe('DEV-0042, major: Part dropped')
  const raisedAt = (nodeId: Id<'EquipmentNode'>) => raises(nodes, definition(nodeId, 'deviation', 'major'), found)
  expect([oven, site, plant, mill].map(raisedAt)).toEqual([true, true, true, false])
  expect(raises(nodes, definition(oven, 'deviation', 'minor', 'critical'), found)).toBe(false)
  expect(raises(nodes, definition(oven, 'failed-inspection'), found)).toBe(false)
})

test('one event, one alarm: what an alarm, an inspection or a calibration opened is no deviation to raise anew', () => {
  for (const cause of ['alarm', 'inspection', 'calibration']) expect(deviation({ cause })).toBeUndefined()
  for (const cause of ['person', 'gate-override', 'limit-breach', 'refusal']) expect(deviation({ cause })).toBeDefined()
  // Further lots of a deviation, or one that an older version told.
  expect(ofDeviation({ deviationId, code: 'DEV-1', orderId: null, runId: null, lots: [], at })).toBeUndefined()
})

test('what lies nowhere is told at the top of the plant alone', () => {
  const found = deviation({ nodeId: null })
  if (found === undefined) throw new Error('a deviation is something')
  const raisedAt = (nodeId: Id<'EquipmentNode'>) => raises(nodes, definition(nodeId, 'deviation', 'major'), found)
  expect([oven, site, plant].map(raisedAt)).toEqual([false, false, true])
})

test('a passed inspection raises nothing; a gauge that was set right stands for its deviation alone', () => {
  const told = { inspectionId: 'i' as Id<'Inspection'>, lotId: null, runId: null, gauge: null, passed: true, at }
  expect(ofInspection(told)).toBeUndefined()
  const failed = {
    piece: 'BRK-7',
    about: 'Not within its limits: 12',
    nodeId: oven,
    deviationId,
    deviation: 'DEV-0042',
  }
  expect(ofInspection({ ...told, passed: false, failed })).toMatchObject({
    ...{ detail: 'DEV-0042, BRK-7: Not within its limits: 12', deviationId },
  })
  const gauge = { assetId: 'a' as Id<'Asset'>, code: 'TW-9', nodeId: null, deviationId, leftOut: false, at }
  expect(ofGauge(gauge)).toMatchObject({ detail: 'TW-9 was found out of tolerance', assetId: null, deviationId })
  expect(ofGauge({ ...gauge, leftOut: true })).toMatchObject({
    ...{ detail: 'TW-9 was found out of tolerance, and left so', assetId: 'a' },
  })
})
