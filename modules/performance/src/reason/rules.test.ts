import type { Id } from '@throughline/kernel'
import type { Reason } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { assertChoosable, assertFits, assertRetirable, reasonOfCode } from './rules.ts'

type NodeId = Id<'EquipmentNode'>
const area = 'area' as NodeId
const machine = 'machine' as NodeId
const path = [machine, area]
const reason = (code: string, more: Partial<Reason> = {}): Reason => ({
  id: code as Id<'Reason'>,
  kind: 'stop',
  nodeId: area,
  parentId: null,
  code,
  texts: { en: code },
  category: 'down',
  insidePlannedTime: true,
  machineCodes: [],
  retired: false,
  ...more,
})
const below = (code: string, parent: string, more: Partial<Reason> = {}) =>
  reason(code, { parentId: parent as Id<'Reason'>, ...more })

describe('a reason that does not fit into its tree is refused, named, with what is in its way', () => {
  const tree = [
    reason('mechanical', { category: null }),
    below('jam', 'mechanical', { machineCodes: ['17'] }),
    below('infeed-jam', 'jam'),
    reason('old', { retired: true, machineCodes: ['99'] }),
    reason('elsewhere', { nodeId: machine }),
    reason('scratch', { kind: 'scrap', category: null }),
  ]
  const jam = tree[1] as Reason
  test.each([
    ['a code that is taken, whatever its case', reason('JAM'), undefined, /jam in this tree already/],
    ['a code of a retired reason', reason('old'), undefined, /retired/],
    ['no English text', reason('new', { texts: { de: 'neu' } }), undefined, /new needs a text in English/],
    ['a machine code that means another', reason('new', { machineCodes: ['17'] }), undefined, /17 already means jam/],
    [
      'the machine code that means nothing',
      reason('new', { machineCodes: ['18', '0'] }),
      undefined,
      /nothing is wrong/,
    ],
    [
      'machine codes without a category',
      reason('new', { category: null, machineCodes: ['18'] }),
      undefined,
      /category/,
    ],
    ['scrap with a category', reason('new', { kind: 'scrap' }), undefined, /is for scrap/],
    ['a parent of nowhere', below('new', 'nothing'), undefined, /parent that does not exist/],
    ['a parent of another place', below('new', 'elsewhere'), undefined, /elsewhere, which is of another tree/],
    ['a parent of another kind', below('new', 'scratch'), undefined, /scratch, which is of another tree/],
    ['a parent that is retired', below('new', 'old'), undefined, /old, which is retired/],
    ['itself as parent', { ...jam, parentId: jam.id }, jam, /circle|stands below it/],
    ['its own grandchild as parent', { ...jam, parentId: 'infeed-jam' as Id<'Reason'> }, jam, /stands below it/],
    ['another code', { ...jam, code: 'block' }, jam, /keeps its code for ever/],
    ['another place', { ...jam, nodeId: machine }, jam, /keeps its nodeId for ever/],
    ['another kind', { ...jam, kind: 'scrap' as const, category: null, machineCodes: [] }, jam, /keeps its kind/],
  ])('%s', (_, draft, before, words) => {
    expect(() => assertFits(draft, before, tree)).toThrow(words)
  })

  test('what fits is let in: the code of another tree, the machine code of a retired one, a new place in the tree', () => {
    expect(() => assertFits(reason('jam', { nodeId: machine }), undefined, tree)).not.toThrow()
    expect(() => assertFits(reason('new', { machineCodes: ['99'] }), undefined, tree)).not.toThrow()
    expect(() => assertFits({ ...jam, parentId: null }, jam, tree)).not.toThrow()
  })

  test('a reason is retired once, and not while others stand below it', () => {
    expect(() => assertRetirable(tree[3] as Reason, tree)).toThrow(/old is retired already/)
    expect(() => assertRetirable(jam, tree)).toThrow(/Below jam stand infeed-jam/)
    expect(() => assertRetirable(tree[2] as Reason, tree)).not.toThrow()
  })

  test.each([
    ['of the other kind', 'scratch', /for a scrap, not for a stop/],
    ['retired', 'old', /old is retired/],
    ['a mere group', 'mechanical', /only holds other reasons together/],
  ])('a reason %s cannot be given', (_, code, words) => {
    const chosen = tree.find((each) => each.code === code) as Reason
    expect(() => assertChoosable(chosen, 'stop', path, tree)).toThrow(words)
  })

  test('a reason of another part of the plant cannot be given', () => {
    expect(() => assertChoosable(tree[4] as Reason, 'stop', [area], tree)).toThrow(/another part of the plant/)
    expect(() => assertChoosable(tree[4] as Reason, 'stop', path, tree)).not.toThrow()
  })

  test('scrap is not given a reason that holds others together', () => {
    const scrap = [...tree, below('deep-scratch', 'scratch', { kind: 'scrap', category: null })]
    expect(() => assertChoosable(scrap[5] as Reason, 'scrap', path, scrap)).toThrow(/only holds/)
    expect(() => assertChoosable(scrap[5] as Reason, 'scrap', path, tree)).not.toThrow()
  })
})

test("a machine's code means what the tree nearest to the machine says; retired reasons know no codes", () => {
  const far = reason('far', { machineCodes: ['17'] })
  const near = reason('near', { nodeId: machine, machineCodes: ['17', '18'] })
  expect(reasonOfCode([far, near], path, '17')?.code).toBe('near')
  expect(reasonOfCode([far, near], [area], ' 17 ')?.code).toBe('far')
  expect(reasonOfCode([far, { ...near, retired: true }], path, '18')).toBeUndefined()
})
