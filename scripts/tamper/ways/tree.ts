import { sql } from 'kysely'
import { ForgedKey, textOf } from '../forged-key.ts'
import type { Forger, LeafJson, NewNotes } from '../forger.ts'
import { noteOver } from '../forger.ts'
import { rootOf, tileWidth } from '../merkle-tree.ts'
import type { CheckpointRow, Leaf, Original } from '../original.ts'
import type { Deed, Draw, TableWay } from '../way.ts'
import { nameOfLeaf, pick, pickChange, pickEarlierCheckpoint, pickEntry } from '../way.ts'
import { otherChange, otherEntry } from './leaves.ts'

const keyName = (original: Original, number: number): string => `throughline/${original.ledgerId}/key-${number}`

/** Forged keys that are called like those of the ledger. */
const namesakes = (original: Original): ForgedKey[] => [1, 2].map((number) => new ForgedKey(keyName(original, number)))

async function rewrite(forger: Forger, leaf: Leaf, draw: Draw, notes: NewNotes): Promise<void> {
  const change = (told: LeafJson) => (told.type === 'entry' ? otherEntry(told, draw) : otherChange(told))
  await forger.rewrite(leaf, change, notes)
}

const pickLeaf = (original: Original, draw: Draw): Leaf => pick([pickEntry, pickChange], draw)(original, draw)

const forgedFrom = (original: Original, leaf: Leaf): number[] =>
  original.checkpoints.filter(({ size }) => size > leaf.place).map(({ size }) => size - 1)

const checkpointForged = ({ size }: CheckpointRow): Deed => ({
  target: `checkpoint over ${size} leaves`,
  product: { kinds: ['forged'], places: [size - 1] },
  bundle: { kinds: ['forged'], words: [String(size)] },
  mayRefuse: true,
})

const setNote = (forger: Forger, { size }: CheckpointRow, note: string): Promise<unknown> =>
  forger.run(sql`update platform.ledger_checkpoint set note = ${note} where size = ${size}`)

const someRoot = (original: Original, draw: Draw): Buffer =>
  rootOf([pickEntry(original, draw).hash, pickChange(original, draw).hash])

/** What is done to the tree, its checkpoints and its keys. */
export const treeWays: readonly TableWay[] = [
  {
    name: 'leaf rewritten with all its hashes and the tree below the checkpoints',
    times: 4,
    async tamper(forger, draw) {
      const leaf = pickLeaf(forger.original, draw)
      await rewrite(forger, leaf, draw, 'as they were')
      const sought = { kinds: ['unproven'], places: [leaf.place] }
      return { target: nameOfLeaf(leaf), product: sought, bundle: sought, mayRefuse: true }
    },
  },
  {
    name: 'leaf rewritten with everything above it but the signatures',
    times: 2,
    async tamper(forger, draw) {
      const leaf = pickLeaf(forger.original, draw)
      await rewrite(forger, leaf, draw, 'new roots, old signatures')
      const sought = { kinds: ['forged'], places: forgedFrom(forger.original, leaf) }
      return { target: nameOfLeaf(leaf), product: sought, bundle: sought, mayRefuse: true }
    },
  },
  {
    name: 'leaf rewritten with everything above it, signed with another key',
    times: 2,
    async tamper(forger, draw) {
      const leaf = pickLeaf(forger.original, draw)
      await rewrite(forger, leaf, draw, namesakes(forger.original))
      const sought = { kinds: ['forged'], places: forgedFrom(forger.original, leaf) }
      return { target: nameOfLeaf(leaf), product: sought, bundle: sought, mayRefuse: true }
    },
  },
  {
    name: 'leaf rewritten with everything above it, the keys and their files replaced',
    times: 2,
    async tamper(forger, draw) {
      const leaf = pickLeaf(forger.original, draw)
      await rewrite(forger, leaf, draw, await forger.replaceKeys())
      // Nothing inside contradicts it: what was handed out does, and the key that strangers have.
      const witness = pick(forger.original.checkpoints, draw)
      return {
        target: nameOfLeaf(leaf),
        product: { kinds: ['forged'], words: [`${witness.size}.checkpoint`] },
        bundle: { kinds: ['forged'] },
      }
    },
  },
  {
    name: 'hash in a tile or a tail edited',
    times: 2,
    async tamper(forger, draw) {
      const leaf = pickLeaf(forger.original, draw)
      const offset = (leaf.place % tileWidth) * 32 + 1
      const tile = Math.floor(leaf.place / tileWidth)
      const other = rootOf([leaf.hash, leaf.hash])
      const inTile = await forger.run(sql`
        update platform.ledger_tile set hashes = overlay(hashes placing ${other}::bytea from ${offset}::int for 32)
        where level = 0 and number = ${tile} returning 1`)
      if (inTile.length === 0) {
        const { checkpoints } = forger.original
        const at = checkpoints.findIndex(({ size }) => size > leaf.place)
        const begin = Math.max(checkpoints[at - 1]?.size ?? 0, tile * tileWidth)
        await forger.run(sql`
          update platform.ledger_checkpoint
          set tail = overlay(tail placing ${other}::bytea from ${(leaf.place - begin) * 32 + 1}::int for 32)
          where size = ${checkpoints[at]?.size}`)
      }
      const sought = { kinds: ['altered', 'unproven'], places: [leaf.place] }
      return { target: `what was sealed of ${nameOfLeaf(leaf)}`, product: sought, bundle: sought, mayRefuse: true }
    },
  },
  {
    name: 'tile of the tree deleted',
    times: 1,
    async tamper(forger, draw) {
      const number = draw(Math.floor(forger.original.sealed / tileWidth))
      await forger.run(sql`delete from platform.ledger_tile where level = 0 and number = ${number}`)
      const sought = { kinds: ['missing'], places: [number * tileWidth] }
      return { target: `tile ${number}`, product: sought, bundle: sought, mayRefuse: true }
    },
  },
  {
    name: 'root of a checkpoint edited',
    times: 2,
    async tamper(forger, draw) {
      const checkpoint = pick(forger.original.checkpoints, draw)
      const root = someRoot(forger.original, draw)
      await setNote(forger, checkpoint, noteOver(checkpoint.note, root, 'new roots, old signatures'))
      return checkpointForged(checkpoint)
    },
  },
  {
    name: 'time of a checkpoint edited',
    times: 1,
    async tamper(forger, draw) {
      const checkpoint = pickEarlierCheckpoint(forger.original, draw)
      await setNote(forger, checkpoint, checkpoint.note.replace(/\nat \d+\n/, `\nat ${1 + draw(1e9)}\n`))
      return checkpointForged(checkpoint)
    },
  },
  {
    name: 'checkpoint signed with another key',
    times: 3,
    async tamper(forger, draw) {
      const checkpoint = pick(forger.original.checkpoints, draw)
      const signer = namesakes(forger.original).find(({ name }) => checkpoint.note.includes(`— ${name} `))
      await setNote(forger, checkpoint, signer?.note(textOf(checkpoint.note)) ?? '')
      return checkpointForged(checkpoint)
    },
  },
  {
    name: 'checkpoint deleted',
    times: 3,
    async tamper(forger, draw) {
      const { size } = pickEarlierCheckpoint(forger.original, draw)
      await forger.run(sql`delete from platform.ledger_anchor where size = ${size}`)
      await forger.run(sql`delete from platform.ledger_checkpoint where size = ${size}`)
      return {
        target: `checkpoint over ${size} leaves`,
        product: { kinds: ['missing'], words: [`checkpoint over ${size} leaves`] },
        bundle: 'valid',
        mayRefuse: true,
      }
    },
  },
  {
    name: 'larger checkpoint made up',
    times: 2,
    async tamper(forger, draw) {
      const last = forger.original.checkpoints.at(-1)
      const size = forger.original.sealed + 1 + draw(300)
      const name = keyName(forger.original, 2)
      const text = textOf(last?.note ?? '').replace(/\n\d+\n/, `\n${size}\n`)
      await forger.run(sql`
        insert into platform.ledger_checkpoint (size, note, at, era, xid, tail)
        select ${size}, ${new ForgedKey(name).note(text)}, at, era, xid, tail
        from platform.ledger_checkpoint order by size desc limit 1`)
      return {
        target: `checkpoint over ${size} leaves`,
        product: { kinds: ['forged'], words: [String(size)] },
        bundle: { kinds: ['forged'], words: [String(size)] },
        mayRefuse: true,
      }
    },
  },
  {
    name: "note of a key replaced by the forger's own",
    times: 2,
    async tamper(forger, draw) {
      const number = 1 + draw(2)
      const rows = await forger.run(
        sql<{ note: string }>`select note from platform.ledger_key where number = ${number}`,
      )
      const key = new ForgedKey(keyName(forger.original, number))
      const lines = textOf(rows[0]?.note ?? '').split('\n')
      lines[2] = key.text
      await forger.run(
        sql`update platform.ledger_key set note = ${key.note(lines.join('\n'))} where number = ${number}`,
      )
      await forger.replaceKeyFile(number, key)
      return {
        target: `key ${number}`,
        // Where key 1 is replaced, key 2 is the one that nobody introduces.
        product: { kinds: ['forged'], words: ['Key 2'] },
        bundle: { kinds: ['forged'], words: ['ey'] },
        mayRefuse: true,
      }
    },
  },
  {
    name: 'note of a key edited',
    times: 1,
    async tamper(forger, draw) {
      const number = 1 + draw(2)
      await forger.run(sql`
        update platform.ledger_key set note = regexp_replace(note, 'from \\d+', 'from 5') where number = ${number}`)
      return {
        target: `key ${number}`,
        product: { kinds: ['forged'], words: [`key ${number}`] },
        bundle: { kinds: ['forged'] },
        mayRefuse: true,
      }
    },
  },
]
