import { describe, expect, test } from 'vitest'
import { doubtedGauges, equipmentSubject, heldByOutage, outageOver } from './outage-words.ts'

const hold = (subject: string, more: object = {}) => ({ cause: 'equipment', subject, ended: null, ...more })
const order = (code: string, ...holds: object[]) => ({ code, holds }) as never
const codes = (orders: readonly unknown[]) => orders.map((each) => (each as { code: string }).code)

describe('which orders wait for equipment', () => {
  const orders = [
    order('WO-1', hold('aurora/aero/cut-01')),
    order('WO-2', hold('aurora/aero/cut-01', { ended: { at: 1 } })),
    order('WO-3', hold('aurora/aero/cut-01', { cause: 'person' }), hold('CAL-01, DEV-00007')),
    order('WO-4', hold('CAL-01, DEV-00007'), hold('CAL-00, DEV-00003', { ended: { at: 1 } })),
  ]

  test('those that an outage holds at this moment, and no others', () => {
    expect(codes(heldByOutage(orders, 'aurora/aero/cut-01'))).toEqual(['WO-1'])
  })

  test('of a doubted gauge those that it holds, until the deviation about it is closed', () => {
    const doubt = { code: 'DEV-00007', cause: { kind: 'calibration', ref: 'asset-1 1795' }, lots: [{ code: 'S-1' }] }
    const other = { code: 'DEV-00008', cause: { kind: 'person', ref: 'x' }, lots: [] }
    const unused = { code: 'DEV-00009', cause: { kind: 'calibration', ref: 'asset-2 1796' }, lots: [] }
    const [gauge, second, ...more] = doubtedGauges([doubt, other, unused] as never[], orders)
    expect(gauge).toMatchObject({ assetId: 'asset-1', deviation: 'DEV-00007', lots: [{ code: 'S-1' }] })
    expect(codes(gauge?.orders ?? [])).toEqual(['WO-3', 'WO-4'])
    expect(second).toMatchObject({ assetId: 'asset-2', orders: [] })
    expect(more).toEqual([])
  })

  test('what a hold names is read as a place, or as a gauge with its deviation', () => {
    expect(equipmentSubject('aurora/aero/cut-01')).toEqual({ kind: 'equipment', path: 'aurora/aero/cut-01' })
    expect(equipmentSubject('CAL-01, DEV-00007')).toEqual({ kind: 'gauge', code: 'CAL-01', deviation: 'DEV-00007' })
  })
})

test('equipment is out of service with what it belongs to, and its own outage comes first', () => {
  const path = [{ id: 'site' }, { id: 'cell' }, { id: 'unit' }]
  const out = (nodeId: string, ended: object | null = null) => ({ nodeId, ended }) as never
  expect(outageOver([], path)).toBeUndefined()
  expect(outageOver([out('cell'), out('unit', { at: 1 })], path)).toMatchObject({ nodeId: 'cell' })
  expect(outageOver([out('cell'), out('unit')], path)).toMatchObject({ nodeId: 'unit' })
})
