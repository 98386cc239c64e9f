import type { Instant } from '@throughline/kernel'
import { describe, expect, test } from 'vitest'
import type { LevelNode } from './thread-graph.ts'
import { foundIn } from './thread-graph.ts'
import { hasWindow, questionOf } from './thread-search.ts'
import { sortedNodes } from './thread-sort.ts'
import { shortName } from './thread-words.ts'

describe('the question and its table', () => {
  test('an address asks for a label, or for an id of a kind, and for a window only if it has one', () => {
    expect(questionOf('BRK-1', {})).toEqual({ from: { code: 'BRK-1' }, show: 'material' })
    const window = { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' }
    expect(questionOf('p-1', { kind: 'person', show: 'all', ...window })).toMatchObject({
      ...{ from: { kind: 'person', id: 'p-1' }, show: 'all' },
      window: { to: 1_793_577_600_000_000 },
    })
    expect(questionOf('p-1', { kind: 'person', from: window.to, to: window.from })).not.toHaveProperty('window')
    expect(questionOf('p-1', { kind: 'person', from: 'yesterday', to: window.to })).not.toHaveProperty('window')
    expect([hasWindow('tool'), hasWindow('lot'), hasWindow(undefined)]).toEqual([true, false, false])
  })

  test('rows stand by number as people count, either way, and what has no time comes last both times', () => {
    const node = (label: string, level: number, when: number | null): LevelNode => ({
      ...{ kind: 'lot', id: label, label, detail: '', depth: Math.abs(level) },
      ...{ level, at: when as Instant | null, key: `lot:${label}` },
    })
    const nodes = [node('B-10', -1, 5), node('B-2', 2, null), node('B-1', 0, 9)]
    const labels = (...sorted: Parameters<typeof sortedNodes>): string =>
      sortedNodes(...sorted)
        .map((one) => one.label)
        .join()
    expect(labels(nodes, 'label', false)).toBe('B-1,B-2,B-10')
    expect(labels(nodes, 'level', true)).toBe('B-2,B-10,B-1')
    expect(labels(nodes, 'at', false)).toBe('B-10,B-1,B-2')
    expect(labels(nodes, 'at', true)).toBe('B-1,B-10,B-2')
  })

  test('a long name keeps its end, by which serials differ', () => {
    expect([shortName('BRK-100-00012', 10), shortName('BRK-100-00013', 10)]).toEqual(['BRK…-00012', 'BRK…-00013'])
    expect(shortName('PP-2291', 10)).toBe('PP-2291')
    expect(shortName('Inspection of BRK-100-00012', 19)).toHaveLength(19)
  })

  test('search finds by all words, in label, material and kind', () => {
    const lot = (id: string, detail: string): LevelNode => ({
      ...{ kind: 'lot', id, key: `lot:${id}`, label: id.toUpperCase(), detail, at: null, depth: 0, level: 0 },
    })
    const nodes = [lot('pp-1', 'PREPREG, available'), lot('pp-2', 'RESIN, available')]
    const found = (text: string): string[] => [...foundIn(nodes, text)]
    expect(found('pp')).toEqual(['lot:pp-1', 'lot:pp-2'])
    expect(found('lot resin')).toEqual(['lot:pp-2'])
    expect(found('resin pp-1')).toEqual([])
    expect(found('  ')).toEqual([])
  })
})
