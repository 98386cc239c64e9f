import type { Id, Instant } from '@throughline/kernel'
import type { Reason, Stop } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { base64Of, photoProblem } from './photo.ts'
import { allReasons, mergeableRuns, offeredReasons, openFirst, placedReasons, splitRange } from './stop-rules.ts'

const at = (second: number): Instant => (second * 1_000_000) as Instant

function stop(id: string, from: number, to: number | null, machine = 'm'): Stop {
  return {
    ...{
      id: id as Id<'Stop'>,
      nodeId: machine as Id<'EquipmentNode'>,
      from: at(from),
      to: to === null ? null : at(to),
    },
    ...{ state: 'down', label: '', minor: false, reasonId: null, reasonBy: null, category: null, order: null },
    ...{ product: null, causedBy: null, comments: [], version: 1, cameFrom: [], replacedAt: null },
  }
}
function reason(code: string, over: Partial<Reason> = {}): Reason {
  return {
    ...{ id: code as Id<'Reason'>, kind: 'stop', nodeId: 'n' as Id<'EquipmentNode'>, parentId: null, code },
    ...{ texts: { en: code }, category: 'down', insidePlannedTime: false, machineCodes: [], retired: false },
    ...over,
  }
}
const ids = (stops: readonly Stop[]): string[] => stops.map(({ id }) => id)

describe('the list of stops', () => {
  test('shows open ones first, the oldest of them on top, then the newest', () => {
    const stops = [stop('old', 0, 5), stop('young', 50, null), stop('late', 20, 30), stop('long', 10, null)]
    expect(ids(openFirst(stops))).toEqual(['long', 'young', 'late', 'old'])
  })
  test('offers to take together what follows without a gap on one machine, and nothing else', () => {
    const stops = [
      stop('a', 0, 10),
      stop('b', 10, 20),
      stop('c', 25, 30),
      stop('other', 20, 25, 'another machine'),
      stop('d', 30, null),
    ]
    expect(mergeableRuns(stops).map(ids)).toEqual([
      ['c', 'd'],
      ['a', 'b'],
    ])
  })
})

describe('splitting', () => {
  test('leaves a second at least on either side; an open stop ends now', () => {
    expect(splitRange(stop('a', 0, 10), at(99))).toEqual({ first: at(1), last: at(9) })
    expect(splitRange(stop('a', 0, null), at(60))).toEqual({ first: at(1), last: at(59) })
  })
  test('is not offered for a stop of two seconds', () => {
    expect(splitRange(stop('a', 0, 2), at(99))).toBeUndefined()
  })
})

describe('reasons', () => {
  const group = reason('MECH', { category: null })
  const jam = reason('JAM', { parentId: group.id })
  const clean = reason('CLEAN', { category: 'setup' })
  const old = reason('OLD', { retired: true })
  const all = [clean, jam, old, group]

  test('stand in their tree, by code; retired ones only where they are asked for', () => {
    const shape = placedReasons(all).map(({ reason: one, depth, isGroup }) => [one.code, depth, isGroup])
    expect(shape).toEqual([
      ['CLEAN', 0, false],
      ['MECH', 0, true],
      ['JAM', 1, false],
    ])
    expect(allReasons(all, () => 'area')).toHaveLength(4)
  })
  test('of several areas stand area by area', () => {
    const inB = reason('AAA', { nodeId: 'b' as Id<'EquipmentNode'> })
    const inA = reason('ZZZ', { nodeId: 'a' as Id<'EquipmentNode'> })
    expect(allReasons([inB, inA], ({ nodeId }) => nodeId).map((one) => one.reason.code)).toEqual(['ZZZ', 'AAA'])
  })
  test('of a parent that is retired or out of sight stand at the top, and are not lost', () => {
    expect(placedReasons([jam]).map(({ depth }) => depth)).toEqual([0])
  })
  test('most likely come first; groups and retired ones can not be given, even when they are suggested', () => {
    const { likely, others } = offeredReasons(all, ['JAM', 'MECH', 'OLD'])
    expect(likely.map(({ code }) => code)).toEqual(['JAM'])
    expect(others.map(({ code }) => code)).toEqual(['CLEAN'])
  })
  test('of scrap need no category to be given', () => {
    const scrap = reason('COSM', { kind: 'scrap', category: null })
    expect(offeredReasons([scrap], []).others).toEqual([scrap])
  })
})

describe('a picture', () => {
  test.each([
    [{ name: 'a.jpg', type: 'image/jpeg', size: 10 }, undefined],
    [{ name: 'a.gif', type: 'image/gif', size: 10 }, '"a.gif" is no JPEG, PNG or WebP.'],
    [{ name: 'a.png', type: 'image/png', size: 4 * 1024 * 1024 + 1 }, '"a.png" is larger than 4 MB'],
  ])('%j is refused with its reason, or taken', (file, problem) => {
    const told = photoProblem(file)
    if (problem === undefined) expect(told).toBeUndefined()
    else expect(told).toContain(problem)
  })
  test('goes as base64, byte for byte, also when it is longer than one call takes', async () => {
    const bytes = Uint8Array.from({ length: 20_000 }, (_, index) => index % 251)
    expect(await base64Of(new Blob([bytes]))).toBe(Buffer.from(bytes).toString('base64'))
  })
})
