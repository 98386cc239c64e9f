import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { AlarmCondition, DataType } from '@throughline/model'
import { expect, test } from 'vitest'
import type { AlarmTag } from './plant.ts'
import { assertDefinition } from './rules.ts'

const tag = (dataType: DataType = 'double'): AlarmTag => ({
  id: 't' as Id<'Tag'>,
  nodeId: 'n' as Id<'EquipmentNode'>,
  dataType,
  unit: 'bar',
  rangeLow: 0,
  rangeHigh: 10,
  decimals: 1,
  path: 'site/p',
})
const limit = (side: 'high-high' | 'high' | 'low' | 'low-low', at: number, deadband = 0): AlarmCondition => ({
  kind: 'limit',
  side,
  limit: at,
  deadband,
})
const neighbours = [
  { name: 'P.high', condition: limit('high', 8) },
  { name: 'P.low', condition: limit('low', 2) },
  { name: 'P.stale', condition: { kind: 'stale' as const, forSeconds: 10 } },
]

const event = (
  source: Extract<AlarmCondition, { kind: 'event' }>['source'],
  ...severities: Extract<AlarmCondition, { kind: 'event' }>['severities']
): AlarmCondition => ({ kind: 'event', source, severities })

interface Changes {
  readonly dataType?: DataType
  readonly message?: string
  readonly tag?: null
  readonly qualityCritical?: true
}

function problem(condition: AlarmCondition, changes: Changes = {}) {
  const content = {
    name: 'P.test',
    message: changes.message ?? 'Pressure is off',
    condition,
    tagId: 't' as Id<'Tag'>,
    suppressWhile: null,
    cause: '',
    consequence: '',
    response: '',
    changeReason: 'new',
    qualityCritical: changes.qualityCritical ?? false,
  }
  try {
    assertDefinition(content, changes.tag === null ? null : tag(changes.dataType), neighbours)
    return null
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError)
    expect((error as DomainError).code).toBe('alarm.definition-invalid')
    return (error as DomainError).message
  }
}

test.each<{ condition: AlarmCondition; changes?: Parameters<typeof problem>[1] }>([
  { condition: limit('high-high', 9, 0.5) },
  { condition: limit('low-low', 1, 0.5) },
  { condition: limit('high', 7, 1) },
  { condition: { kind: 'deviation', limit: 1, deadband: 0.5, from: { value: 5 } } },
  { condition: { kind: 'rate', side: 'rising', limit: 1, overSeconds: 10, deadband: 0.5 } },
  { condition: { kind: 'state', values: ['true'] }, changes: { dataType: 'boolean' } },
  { condition: { kind: 'state', values: ['Aborted'] }, changes: { dataType: 'string' } },
  { condition: { kind: 'stale', forSeconds: 30 }, changes: { dataType: 'string' } },
  { condition: { kind: 'stuck', forSeconds: 30, within: 0 }, changes: { dataType: 'string' } },
  { condition: { kind: 'external', source: 'opcua/x' }, changes: { tag: null, qualityCritical: true } },
  { condition: event('deviation', 'major', 'critical'), changes: { tag: null } },
  { condition: event('failed-inspection'), changes: { tag: null } },
])('$condition is a condition', ({ condition, changes = {} }) => {
  expect(problem(condition, changes)).toBeNull()
})

test.each<{ why: string; condition: AlarmCondition; changes?: Parameters<typeof problem>[1] }>([
  { why: 'lies outside the range of site/p (0 to 10 bar)', condition: limit('high', 11) },
  { why: 'lies outside the range', condition: limit('low', -1) },
  { why: 'P.test (high-high, 7) must lie above P.high (high, 8)', condition: limit('high-high', 7) },
  { why: 'must lie above P.high', condition: limit('high-high', 8) },
  { why: 'P.test (low-low, 3) must lie below P.low (low, 2)', condition: limit('low-low', 3) },
  { why: 'must lie below P.high', condition: limit('low', 9) },
  { why: 'deadband 1 is not narrower than the distance to P.high (8)', condition: limit('high-high', 9, 1) },
  { why: 'deadband 2 is not narrower than the distance to P.low (2)', condition: limit('low-low', 1, 2) },
  { why: 'the alarm would never return', condition: { kind: 'deviation', limit: 1, deadband: 1, from: { value: 5 } } },
  { why: 'lies outside the range', condition: { kind: 'deviation', limit: 1, deadband: 0, from: { value: 50 } } },
  { why: 'needs a number', condition: limit('high', 5), changes: { dataType: 'string' } },
  { why: 'needs a number', condition: { kind: 'stuck', forSeconds: 1, within: 1 }, changes: { dataType: 'boolean' } },
  { why: 'never "on"', condition: { kind: 'state', values: ['on'] }, changes: { dataType: 'boolean' } },
  { why: 'has no states', condition: { kind: 'state', values: ['1'] } },
  { why: 'watches no tag', condition: limit('high', 5), changes: { tag: null } },
  { why: 'opens no deviation anew', condition: event('failed-inspection'), changes: { qualityCritical: true } },
  { why: 'Say which deviations', condition: event('deviation') },
  { why: 'Only deviations are', condition: event('gauge-out-of-tolerance', 'major') },
  { why: 'needs a message', condition: limit('high', 5), changes: { message: '     ' } },
])('[SR-3.5!] refused: $why', ({ why, condition, changes = {} }) => {
  expect(problem(condition, changes)).toContain(why)
})
