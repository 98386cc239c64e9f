import type { Id, Instant } from '@throughline/kernel'
import type { ShiftResult } from '@throughline/model'
import { expect, test } from 'vitest'
import { restatedShifts } from './restated.ts'

function result(nodeId: string, from: number, version: number): ShiftResult {
  return {
    id: `${nodeId} ${from} ${version}` as Id<'ShiftResult'>,
    nodeId: nodeId as Id<'EquipmentNode'>,
    shift: { date: '2026-11-22', name: 'Early', from: from as Instant, to: (from + 1) as Instant },
    version,
    cause: version === 1 ? null : 'late data',
    asOf: from as Instant,
    inputHash: '',
    elements: {} as ShiftResult['elements'],
    kpis: [],
    coverage: null,
  }
}

test('[KPI-3] a restated shift shows every version, the first one too; newest shift first', () => {
  const shifts = restatedShifts([result('a', 1, 2), result('a', 1, 1), result('a', 9, 1), result('a', 9, 2)])
  expect(shifts.map(({ versions }) => versions.map(({ shift, version }) => [shift.from, version]))).toEqual([
    [
      [9, 1],
      [9, 2],
    ],
    [
      [1, 1],
      [1, 2],
    ],
  ])
})
test('versions of two machines in one shift are not mixed; what was recorded once is not restated', () => {
  expect(restatedShifts([result('a', 1, 1), result('b', 1, 1)])).toEqual([])
})
