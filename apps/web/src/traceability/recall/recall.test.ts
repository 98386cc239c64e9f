import type { Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { RecallDrill } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { codesOf, countedStatuses, elapsedText, fittingLots, recallCsv, statusWord } from './recall-words.ts'

const piece = (code: string, status: string, place: string): RecallDrill['affected'][number] => ({
  ...{ lotId: newId<'Lot'>(0 as Instant), code, material: 'BRK', status, place, quantity: '1', unit: '1', depth: 1 },
})
const drill: RecallDrill = {
  ...{ id: newId<'RecallDrill'>(0 as Instant), begunBy: 'quality', begunAt: 0 as Instant, reason: 'drill, yearly' },
  ...{ subject: 'lot PP-1', counts: { available: 1, shipped: 2 }, elapsedMs: 12.3, endedAt: null, conclusion: '' },
  affected: [piece('B-1', 'available', 'works/hall, shelf 1'), piece('=B-2', 'shipped', '')],
}

describe('a recall drill in words', () => {
  test('pasted lots are taken however they are parted, each once', () => {
    expect(codesOf(' PP-1\nPP-2;PP-3, PP-1\r\n')).toEqual(['PP-1', 'PP-2', 'PP-3'])
    expect(codesOf(' \n')).toEqual([])
  })

  test('statuses come with the most first and are summed; one that this page does not know keeps its name', () => {
    expect(countedStatuses(drill.counts)).toEqual({
      total: 3,
      byStatus: [
        ['shipped', 2],
        ['available', 1],
      ],
    })
    expect([statusWord('shipped'), statusWord('melted')]).toEqual(['Shipped', 'melted'])
  })

  test('pieces are found by status and by words of code, material and place', () => {
    const codes = (status: string | undefined, text: string): string[] =>
      fittingLots(drill.affected, status, text).map(({ code }) => code)
    expect(codes(undefined, '')).toEqual(['B-1', '=B-2'])
    expect(codes('shipped', '')).toEqual(['=B-2'])
    expect(codes(undefined, 'shelf brk')).toEqual(['B-1'])
    expect(codes('shipped', 'shelf')).toEqual([])
  })

  test('times are told in the unit that people would use', () => {
    expect([elapsedText(0.2), elapsedText(999), elapsedText(1249)]).toEqual(['1 ms', '999 ms', '1.2 s'])
  })

  test('the file holds what the drill was and each piece; no cell is a formula', () => {
    const lines = recallCsv(drill).split('\r\n')
    expect(lines).toContain('reason,"drill, yearly"')
    expect(lines).toContain('B-1,BRK,available,"works/hall, shelf 1",1,1,1')
    expect(lines).toContain("'=B-2,BRK,shipped,,1,1,1")
    expect(lines.at(-1)).toBe('')
  })
})
