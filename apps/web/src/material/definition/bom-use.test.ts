import { describe, expect, test } from 'vitest'
import { bomUse, retirementWords } from './bom-use.ts'

const order = (code: string, state: string, bomId: string | null) => ({ code, state, bomId }) as never
const routing = (code: string, state: string, ...bomPositions: number[]) =>
  ({ code, state, operations: [{ bomPositions: [] }, { bomPositions }] }) as never
const bom = (product: string, state: string, material: string, ...alternates: string[]) =>
  ({ product, state, lines: [{ material, alternates }] }) as never

describe('who uses a bill of material is said before it is retired', () => {
  test('orders that keep a version of it, those that wait for release, routings that build it in, and products above', () => {
    const use = bomUse(
      'BRK',
      [{ id: 'b-1' }, { id: 'b-2' }] as never,
      [order('WO-1', 'running', 'b-1'), order('WO-2', 'created', null), order('WO-3', 'released', 'other')],
      [routing('R-1', 'effective', 10), routing('R-2', 'effective'), routing('R-3', 'retired', 10)],
      [bom('BOX', 'effective', 'BRK'), bom('LID', 'effective', 'X', 'BRK'), bom('OLD', 'retired', 'BRK')],
    ) as unknown as Record<'running' | 'waiting' | 'routings', { code: string }[]> & { within: string[] }
    expect(retirementWords('BRK', use)).toEqual([
      'WO-1 is made by it, and keeps it to the end.',
      'R-1 builds in positions of it: no new order for BRK can be released without another version.',
      'WO-2 waits for release, and could not be released any more.',
      'BRK is a part of BOX and LID.',
    ])
  })

  test('where nobody does, that is said; of many the first are named', () => {
    const none = { running: [], waiting: [], routings: [], within: [] }
    expect(retirementWords('BRK', none)).toEqual([
      'No open order is made by it.',
      'No routing builds in positions of it.',
    ])
    const running = Array.from({ length: 12 }, (_, index) => ({ code: `WO-${index + 1}` }))
    expect(retirementWords('BRK', { ...none, running, waiting: [{ code: 'WO-99' }] })).toEqual([
      'WO-1, WO-2, WO-3, WO-4, WO-5, WO-6, WO-7, WO-8, WO-9, WO-10 and 2 more are made by it, and keep it to the end.',
      'No routing builds in positions of it.',
      'WO-99 waits for release, and would be made without a bill of material.',
    ])
  })
})
