import type { Id, Instant } from '@throughline/kernel'
import type { AndonCall, CurrentState, EquipmentNode } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { callText, median, responseOf } from './call-words.ts'
import { isSilent, troubleLine, wallTypeVh } from './wall-rules.ts'

const at = (second: number): Instant => (second * 1_000_000) as Instant
const call: AndonCall = {
  ...{ id: 'c' as Id<'AndonCall'>, nodeId: 'n' as Id<'EquipmentNode'>, kind: 'maintenance', text: '', stopId: null },
  ...{ state: 'called', calledAt: at(0), calledBy: 'Ann', acknowledgedAt: null, acknowledgedBy: null },
  ...{ resolvedAt: null, resolvedBy: null, resolution: null },
}
const answered: AndonCall = { ...call, state: 'acknowledged', acknowledgedAt: at(90), acknowledgedBy: 'Bob' }

function machine(name: string, state: CurrentState['state'], label = '') {
  const node = { name } as EquipmentNode
  return { node, name, current: { state, label, since: at(0) } as CurrentState }
}

describe('a call for help', () => {
  test('says how long nobody has answered, and then who comes', () => {
    expect(callText(call, at(360))).toBe('Maintenance: called 6 min ago, nobody has answered yet')
    expect(callText(answered, at(210))).toBe('Maintenance: Bob comes, since 2 min')
  })
  test('has no response time before there is a response', () => {
    expect(responseOf(call)).toEqual({ answerUs: null, resolveUs: null })
    expect(responseOf({ ...answered, resolvedAt: at(600) })).toEqual({ answerUs: at(90), resolveUs: at(600) })
  })
  test('half of them were answered within the median; of none there is none', () => {
    expect(median([9, 1, 5])).toBe(5)
    expect(median([1, 3])).toBe(2)
    expect(median([])).toBeNull()
  })
})

describe('the wall board', () => {
  test('is offline once nothing came for more than 30 s, and before anything came', () => {
    expect(isSilent(at(0), at(30))).toBe(false)
    expect(isSilent(at(0), at(31))).toBe(true)
    expect(isSilent(undefined, at(0))).toBe(true)
  })
  test('is read at 10 m on 55 inches with letters of 9.4 vh', () => {
    expect(wallTypeVh(10, 55)).toBeCloseTo(9.4)
    expect(wallTypeVh(5, 55)).toBeCloseTo(4.7)
  })
  test('names the worst machine and how many others are down', () => {
    const worst = [machine('FIL-01', 'down', 'Held'), machine('CNC-01', 'down'), machine('CUT-01', 'running')]
    expect(troubleLine(worst, at(720))).toBe('FIL-01 down (Held), 12 min, 1 more down')
  })
  test('says so when there is no trouble, and when there is no machine', () => {
    expect(troubleLine([machine('FIL-01', 'running')], at(720))).toBe('No trouble')
    expect(troubleLine([], at(720))).toBe('No machine tells its state')
  })
})
