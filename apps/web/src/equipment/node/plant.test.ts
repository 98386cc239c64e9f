import type { Id, Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { EquipmentNode, StoredSample, Tag } from '@throughline/model'
import { statusCode } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { plantTree, sharedZone, unitsWithin } from './plant-tree.ts'
import { stateSpans } from './StateHistory.tsx'
import { keyTags, tagCondition, unitCondition, worstFirst } from './unit-condition.ts'

function node(path: string, level: EquipmentNode['level'], timeZone: string | null = null): EquipmentNode {
  const cut = path.lastIndexOf('/')
  return {
    id: path as Id<'EquipmentNode'>,
    parentId: cut < 0 ? null : (path.slice(0, cut) as Id<'EquipmentNode'>),
    level,
    name: path.slice(cut + 1),
    description: '',
    path,
    classId: null,
    timeZone,
  }
}

function tag(path: string, changes: Partial<Tag> = {}): Tag {
  const cut = path.lastIndexOf('/')
  return {
    id: path as Id<'Tag'>,
    nodeId: path.slice(0, cut) as Id<'EquipmentNode'>,
    name: path.slice(cut + 1),
    path,
    description: '',
    dataType: 'double',
    unit: 'Cel',
    rangeLow: 0,
    rangeHigh: 100,
    normalLow: 20,
    normalHigh: 80,
    deadband: 0,
    decimals: 1,
    writable: false,
    source: { connection: 'plc', address: 'x', scale: 1, offset: 0, sampleMs: 1000, staleAfterMs: 5000 },
    ...changes,
  }
}

const nodes = [
  node('a', 'enterprise'),
  node('a/s', 'site', 'Europe/Berlin'),
  node('a/s/r', 'area'),
  node('a/s/r/u1', 'work-unit'),
  node('a/s/r/u1/m', 'equipment-module'),
  node('a/s/r/u2', 'work-unit'),
]
const tags = [tag('a/s/r/u1/t'), tag('a/s/r/u1/m/t'), tag('a/s/r/u2/t'), tag('a/s/r/humidity')]
const tree = plantTree(nodes, tags)
const reading = (value: number, status: number = statusCode.good) => ({ at: 0 as Instant, value, status })

describe('the plant as a tree', () => {
  test('a work unit answers for its modules; an area with tags of its own is a unit too', () => {
    expect(unitsWithin(tree, 'a').map((unit) => [unit.node.path, unit.tags.length])).toEqual([
      ['a/s/r', 1],
      ['a/s/r/u1', 2],
      ['a/s/r/u2', 1],
    ])
  })
  test('a node whose parent lies outside the reader’s scopes is a root', () => {
    expect(plantTree(nodes.slice(2), tags).roots.map(({ path }) => path)).toEqual(['a/s/r'])
  })
  test('the time zone is that of the site above', () => {
    expect(tree.timeZoneOf('a/s/r/u1/m')).toBe('Europe/Berlin')
    expect(tree.timeZoneOf('a')).toBeUndefined()
  })
  test('sites in one zone share it; sites in two share none', () => {
    expect(sharedZone(nodes)).toBe('Europe/Berlin')
    expect(sharedZone([...nodes, node('a/x', 'site', 'America/Denver')])).toBeUndefined()
    expect(sharedZone([])).toBeUndefined()
  })
  test('an unknown node has no units and no path', () => {
    expect(unitsWithin(tree, 'nowhere')).toEqual([])
    expect(tree.pathTo('nowhere')).toEqual([])
  })
})

describe('the condition of a tag', () => {
  const one = tag('a/s/r/u1/t')
  test.each([
    [reading(50), 'live', 'normal'],
    [reading(90), 'live', 'outside'],
    [reading(90, statusCode.uncertain), 'live', 'outside'],
    [reading(50, statusCode.uncertain), 'live', 'uncertain'],
    [reading(90, statusCode.uncertainLastUsable), 'live', 'stale'],
    [reading(50, statusCode.badNotConnected), 'live', 'bad'],
    [reading(90), 'offline', 'stale'],
    [undefined, 'live', 'missing'],
  ] as const)('%o on a %s line is %s', (value, line, condition) => {
    expect(tagCondition(one, value, line)).toBe(condition)
  })
  test('a tag that no source feeds is not missed', () => {
    expect(tagCondition(tag('a/s/r/u1/t', { source: null }), undefined, 'live')).toBe('unfed')
  })
  test('a 64-bit integer is judged by its value', () => {
    expect(tagCondition(one, { ...reading(0), value: '90' }, 'live')).toBe('outside')
  })
})

describe('worst first', () => {
  const entry = (path: string, readings: Record<string, ReturnType<typeof reading>>) => {
    const [unit] = unitsWithin(tree, path).filter(({ node: { path: own } }) => own === path)
    if (unit === undefined) throw new Error(`no unit ${path}`)
    return { unit, condition: unitCondition(unit, (id) => readings[id], 'live') }
  }
  test('bad data, then values outside normal, then stale, then normal; equals keep the order of their paths', () => {
    const normal = entry('a/s/r', { 'a/s/r/humidity': reading(50) })
    const outside = entry('a/s/r/u1', { 'a/s/r/u1/t': reading(90), 'a/s/r/u1/m/t': reading(50) })
    const bad = entry('a/s/r/u2', { 'a/s/r/u2/t': reading(0, statusCode.bad) })
    expect(worstFirst([normal, outside, bad]).map(({ unit }) => unit.node.path)).toEqual([
      'a/s/r/u2',
      'a/s/r/u1',
      'a/s/r',
    ])
  })
  test('what is outside its band is shown first on the tile', () => {
    const unit = {
      node: nodes[3] as EquipmentNode,
      tags: [tag('u/a'), tag('u/b'), tag('u/state', { dataType: 'string' })],
    }
    const outside = unit.tags.filter(({ name }) => name === 'b')
    expect(keyTags(unit, outside, 2).map(({ name }) => name)).toEqual(['b', 'state'])
  })
})

describe('the history of a state', () => {
  const start = 1_000_000_000_000_000 as Instant
  const sample = (afterMs: number, value: string | null, status: number = statusCode.good): StoredSample => ({
    at: plusMs(start, afterMs),
    serverAt: plusMs(start, afterMs),
    value,
    status,
    original: null,
  })
  test('repeated states are one span; bad quality is "no data", never the state before', () => {
    const spans = stateSpans(
      [
        sample(0, 'Execute'),
        sample(1000, 'Execute'),
        sample(2000, null, statusCode.badNotConnected),
        sample(3000, 'Held'),
      ],
      plusMs(start, 4000),
    )
    expect(spans.map(({ state, from, to }) => [state, (from - start) / 1000, (to - start) / 1000])).toEqual([
      ['running', 0, 2000],
      ['no-data', 2000, 3000],
      ['down', 3000, 4000],
    ])
  })
})
