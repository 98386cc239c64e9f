import { randomUUID } from 'node:crypto'
import { canonicalJson } from '@throughline/platform'
import { sql } from 'kysely'
import type { LeafJson } from '../forger.ts'
import { leafHashOf } from '../merkle-tree.ts'
import type { Leaf, Original } from '../original.ts'
import type { Deed, Draw, TableWay } from '../way.ts'
import { nameOfLeaf, pick, pickBareEntries, pickChange, pickEntry } from '../way.ts'

/** An entry as somebody would rather have it. */
export function otherEntry(leaf: LeafJson, draw: Draw): LeafJson {
  return pick<LeafJson>(
    [
      { ...leaf, actor: { id: 'eve', kind: 'person', name: 'Somebody else', roles: [] } },
      { ...leaf, reason: 'a better reason' },
      { ...leaf, origin: '203.0.113.99' },
      { ...leaf, software: '9.9.9' },
      { ...leaf, input: { forged: true } },
      { ...leaf, operation: 'identity.person.forget' },
      { ...leaf, at: Number(leaf['at']) + 60_000_000 },
    ],
    draw,
  )
}

/** A change that tells of other values. */
export const otherChange = (leaf: LeafJson): LeafJson => ({
  ...leaf,
  rows: [{ table: 'identity.person', before: null, after: { forged: true } }],
})

const otherText = (leaf: Leaf, draw: Draw): string => canonicalJson(other(JSON.parse(leaf.text) as LeafJson, draw))

const other = (leaf: LeafJson, draw: Draw): LeafJson =>
  leaf.type === 'entry' ? otherEntry(leaf, draw) : otherChange(leaf)

const altered = (leaf: Leaf): Deed => ({
  target: nameOfLeaf(leaf),
  product: { kinds: ['altered'], places: [leaf.place] },
  bundle: { kinds: ['altered'], places: [leaf.place] },
})

const editOf =
  (which: (original: Original, draw: Draw) => Leaf, alsoHash: boolean): TableWay['tamper'] =>
  async (forger, draw) => {
    const leaf = which(forger.original, draw)
    await forger.setText(leaf, otherText(leaf, draw), alsoHash)
    return altered(leaf)
  }

const deletionOf =
  (which: (original: Original, draw: Draw) => Leaf): TableWay['tamper'] =>
  async (forger, draw) => {
    const leaf = which(forger.original, draw)
    await forger.remove(leaf)
    const bundle = { kinds: ['missing'], places: [leaf.place] }
    // Without its newest sealed leaf the ledger ends too early.
    const isNewest = leaf.place === forger.original.sealed - 1
    const product = isNewest ? { ...bundle, kinds: ['truncated'] } : bundle
    return { target: nameOfLeaf(leaf), product, bundle }
  }

const columns: readonly (readonly [column: string, value: string])[] = [
  ['actor', 'eve'],
  ['actor_kind', 'system'],
  ['outcome', 'nothing.happened'],
  ['operation', 'identity.person.forget'],
  ['reason', 'a better reason'],
]

/** What is done to single leaves. */
export const leafWays: readonly TableWay[] = [
  { name: 'text of an entry edited', times: 3, tamper: editOf(pickEntry, false) },
  { name: 'text of a change edited', times: 3, tamper: editOf(pickChange, false) },
  { name: 'text of an entry edited, its hash made anew', times: 3, tamper: editOf(pickEntry, true) },
  { name: 'text of a change edited, its hash made anew', times: 3, tamper: editOf(pickChange, true) },
  {
    name: 'text of a change cut short',
    times: 2,
    async tamper(forger, draw) {
      const { leaves, sealed } = forger.original
      // The index over signatures takes nothing that is no JSON, from nobody.
      const isFit = ({ table, record }: Leaf) => table === 'record_change' && !record?.startsWith('identity.signature ')
      const leaf = pick(leaves.slice(0, sealed).filter(isFit), draw)
      await forger.setText(leaf, leaf.text.slice(0, 1 + draw(leaf.text.length - 1)), false)
      return altered(leaf)
    },
  },
  { name: 'entry deleted', times: 3, tamper: deletionOf(pickEntry) },
  { name: 'change deleted', times: 3, tamper: deletionOf(pickChange) },
  {
    name: 'two entries made to change places',
    times: 2,
    async tamper(forger, draw) {
      const [one, two] = pickBareEntries(forger.original, draw)
      const moveTo = (seq: number, { xid, seq: to }: Pick<Leaf, 'xid' | 'seq'>) =>
        forger.run(sql`update platform.audit_entry set xid = ${xid}::text::xid8, seq = ${to} where seq = ${seq}`)
      await moveTo(one.seq, { xid: two.xid, seq: -1 })
      await moveTo(two.seq, one)
      await moveTo(-1, two)
      const product = { kinds: ['reordered'], places: [one.place, two.place] }
      // The bundle tells at the leaf behind it which one stands too early.
      const bundle = { kinds: ['reordered'], words: [`place ${two.place}`] }
      return { target: `${nameOfLeaf(one)} and ${nameOfLeaf(two)}`, product, bundle }
    },
  },
  {
    name: 'texts of two entries exchanged',
    times: 2,
    async tamper(forger, draw) {
      const [one, two] = pickBareEntries(forger.original, draw)
      await forger.setText(one, two.text, false)
      await forger.setText(two, one.text, false)
      const sought = { kinds: ['reordered', 'altered'], places: [one.place, two.place] }
      return { target: `${nameOfLeaf(one)} and ${nameOfLeaf(two)}`, product: sought, bundle: sought }
    },
  },
  {
    name: 'invented entry put into the past',
    times: 2,
    async tamper(forger, draw) {
      const beside = pickEntry(forger.original, draw)
      const id = randomUUID()
      const changes = { count: 0, digest: leafHashOf('').toString('hex') }
      const text = canonicalJson({ ...(JSON.parse(beside.text) as LeafJson), id, changes, reason: 'invented' })
      await forger.run(sql`
        insert into platform.audit_entry (era, xid, seq, id, at, actor, actor_kind, operation, outcome, reason, text, leaf_hash)
        select era, xid, ${-1 - draw(1000)}, ${id}, at, actor, actor_kind, operation, outcome, 'invented', ${text},
          ${leafHashOf(text)} from platform.audit_entry where seq = ${beside.seq}`)
      const product = { kinds: ['altered'], words: [id] }
      return { target: `entry ${id}, at the time of place ${beside.place}`, product, bundle: 'valid' }
    },
  },
  {
    name: 'column that people search by edited, the text left as it was',
    times: 4,
    async tamper(forger, draw) {
      const leaf = pickEntry(forger.original, draw)
      const [column, value] = pick(columns, draw)
      await forger.setColumn(leaf, column, sql`${value}`)
      return { ...altered(leaf), target: `${column} of ${nameOfLeaf(leaf)}`, bundle: 'valid' }
    },
  },
  {
    name: 'time of an entry edited, the text left as it was',
    times: 1,
    async tamper(forger, draw) {
      const leaf = pickEntry(forger.original, draw)
      await forger.setColumn(leaf, 'at', sql`at - 86400000000`)
      return { ...altered(leaf), bundle: 'valid' }
    },
  },
  {
    name: 'entry edited that is not sealed yet',
    times: 1,
    async tamper(forger, draw) {
      const { leaves, sealed } = forger.original
      const leaf = pick(
        leaves.slice(sealed).filter(({ table }) => table === 'audit_entry'),
        draw,
      )
      await forger.setText(leaf, otherText(leaf, draw), false)
      return altered(leaf)
    },
  },
]
