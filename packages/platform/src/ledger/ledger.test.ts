import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { verifyTLogInclusion } from '@sigstore/verify/dist/tlog/index.js'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { createTestDatabase, handClock, waitFor } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../database/connect.ts'
import { parseCheckpoint } from './checkpoint.ts'
import { leafHash } from './leaf.ts'
import { inclusionProof, rootOver } from './merkle.ts'
import { openNote, parseVerifierKey } from './note.ts'
import { placeAt } from './place.ts'
import type { LeafHash } from './store.ts'
import { beginning, findCheckpoint, listTiles } from './store.ts'
import type { TestBench } from './testing/open-test-ledger.ts'
import { openTestBench } from './testing/open-test-ledger.ts'
import { record, recordIn, recordMany } from './testing/record.ts'
import { StoredTree } from './tree.ts'

let server: TestDatabase
let database: TestDatabase
let clock: HandClock
let bench: TestBench
beforeAll(async () => {
  server = await createTestDatabase({ modules: [] })
})
afterAll(() => server.close())
beforeEach(async () => {
  database = await server.another()
  clock = handClock()
  bench = await openTestBench(database, clock)
})
afterEach(() => bench.close())

const db = () => database.db
/** The entry that tells how the tables were made stands before all others. */
const first = 1

/** The leaf hashes in the order of the format: by era, transaction and sequence. */
async function leavesInOrder(): Promise<(LeafHash & { text: string })[]> {
  const found = await sql<LeafHash & { text: string }>`
    select era, xid::text as xid, seq, text, leaf_hash as hash from (
      select era, xid, seq, text, leaf_hash from platform.audit_entry
      union all select era, xid, seq, text, leaf_hash from platform.record_change
    ) leaf order by leaf.era, leaf.xid, leaf.seq`.execute(db())
  return found.rows
}

/** The texts of the leaves that are sealed, by place. */
async function sealedTexts(): Promise<string[]> {
  const [leaves, tree] = [await leavesInOrder(), await StoredTree.open(db(), (await findCheckpoint(db()))?.size ?? 0)]
  const texts: string[] = []
  for (let place = 0; place < tree.size; place += 1) {
    const hash = await tree.sealedAt(place)
    texts.push(leaves.find((leaf) => hash?.equals(leaf.hash))?.text ?? 'lost')
  }
  return texts
}

test('a checkpoint is signed by key 1 over the root of all that was recorded', async () => {
  const ledger = await bench.open()
  for (let n = 1; n <= 3; n += 1) await record(db(), clock.now(), [{ kind: 'press.stroke', id: `s${n}`, after: { n } }])
  const made = await ledger.checkpoint()
  const { keys } = await ledger.status()
  const text = openNote(made?.note ?? '', [parseVerifierKey(keys[0] ?? '')]) ?? ''
  expect(parseCheckpoint(ledger.id, text)).toEqual({
    size: first + 6,
    root: rootOver((await leavesInOrder()).map(({ hash }) => hash)),
    at: clock.now(),
    software: '0.1.0',
    clock: 'synchronised',
  })
})

test('nothing new, no checkpoint', async () => {
  const ledger = await bench.open()
  expect((await ledger.checkpoint())?.size).toBe(first)
  expect(await ledger.checkpoint()).toBeUndefined()
  await record(db(), clock.now())
  expect((await ledger.checkpoint())?.size).toBe(first + 1)
  expect(await ledger.checkpoint()).toBeUndefined()
})

test('a leaf of a transaction that began earlier and commits later still gets the earlier place', async () => {
  const ledger = await bench.open()
  const slow = openDatabase(database.connection)
  await slow
    .transaction()
    .execute(async (trx) => {
      await recordIn(trx, clock.now(), [{ kind: 'press.stroke', id: 'slow', after: {} }])
      await record(db(), clock.now(), [{ kind: 'press.stroke', id: 'quick', after: {} }])
      expect(await ledger.seal()).toBe(first)
    })
    .finally(() => slow.destroy())
  expect((await ledger.checkpoint())?.size).toBe(first + 4)
  const texts = await sealedTexts()
  expect(texts[first]).toContain('"slow"')
  expect(texts[first + 2]).toContain('"quick"')
})

test('a transaction that stays open holds sealing back, and is told as a fault after ten minutes', async () => {
  const ledger = await bench.open({ sealEveryMs: 5 })
  await database.owner.transaction().execute(async (trx) => {
    await sql`select pg_current_xact_id()`.execute(trx)
    await record(db(), clock.now())
    clock.advanceMs(601_000)
    const fault = await waitFor(() => ledger.faults()[0], 'the fault')
    expect(fault.what).toBe('held-back')
    expect(fault.message).toContain('pg_stat_activity')
    expect(await ledger.seal()).toBe(first)
  })
  await waitFor(() => ledger.faults().length === 0, 'the end of the fault')
  expect(await ledger.seal()).toBe(first + 1)
})

test('transactions in another database of the server hold up nothing, and what was sealed meanwhile stays where it is', async () => {
  const ledger = await bench.open()
  const elsewhere = await server.another()
  try {
    await elsewhere.db.transaction().execute(async (trx) => {
      await sql`select pg_current_xact_id()`.execute(trx)
      await record(db(), clock.now())
      expect(await ledger.seal()).toBe(first + 1)
      await record(db(), clock.now())
      expect((await ledger.checkpoint())?.size).toBe(first + 2)
    })
    let isBusy = true
    const busy = (async () => {
      while (isBusy) await sql`select pg_current_xact_id() where ${1}::int = 1`.execute(elsewhere.db)
    })()
    for (let n = 1; n <= 40; n += 1) {
      await record(db(), clock.now(), [{ kind: 'press.stroke', id: `s${n}`, after: { n } }])
      await ledger.seal()
    }
    isBusy = false
    await busy
    expect(await ledger.seal()).toBe(first + 82)
    const made = await ledger.checkpoint()
    const hashes = (await leavesInOrder()).map(({ hash }) => hash)
    expect(parseCheckpoint(ledger.id, made?.note.split('\n\n')[0]?.concat('\n') ?? '')?.root).toEqual(rootOver(hashes))
  } finally {
    await elsewhere.close()
  }
})

test('full tiles and tails hold the tree: it is read back from them with every leaf in its place', async () => {
  const ledger = await bench.open()
  await recordMany(db(), clock.now(), 700)
  await ledger.checkpoint()
  await recordMany(db(), clock.now(), 30)
  await ledger.checkpoint()
  await recordMany(db(), clock.now(), 40)
  const made = await ledger.checkpoint()
  const hashes = (await leavesInOrder()).map(({ hash }) => hash)
  expect((await listTiles(db(), 0, 0, 99)).map(({ number }) => number)).toEqual([0, 1, 2])
  const tree = await StoredTree.open(db(), first + 770)
  for (const [place, hash] of hashes.entries()) expect(await tree.sealedAt(place)).toEqual(hash)
  expect(parseCheckpoint(ledger.id, made?.note.split('\n\n')[0]?.concat('\n') ?? '')?.root).toEqual(rootOver(hashes))
})

test('a tree of more than 65,536 leaves goes on after a restart as if there had been none', async () => {
  const earlier = await bench.open()
  await recordMany(db(), clock.now(), 66_000)
  await earlier.checkpoint()
  await earlier.stop()
  const second = await bench.open()
  await recordMany(db(), clock.now(), 700)
  const made = await second.checkpoint()
  const root = rootOver((await leavesInOrder()).map(({ hash }) => hash))
  expect(parseCheckpoint(second.id, made?.note.split('\n\n')[0]?.concat('\n') ?? '')).toMatchObject({
    size: first + 66_700,
    root,
  })
  expect(await listTiles(db(), 1, 0, 9)).toHaveLength(1)
})

test('two programs on one database grow one tree', async () => {
  const [one, two] = [await bench.open(), await bench.open()]
  for (let round = 0; round < 5; round += 1) {
    await recordMany(db(), clock.now(), 150)
    await Promise.all([one.checkpoint(), two.checkpoint(), one.seal(), two.checkpoint()])
  }
  const last = await findCheckpoint(db())
  const hashes = (await leavesInOrder()).map(({ hash }) => hash)
  expect(last?.size).toBe(first + 750)
  expect(parseCheckpoint(one.id, last?.note.split('\n\n')[0]?.concat('\n') ?? '')?.root).toEqual(rootOver(hashes))
  const tree = await StoredTree.open(db(), first + 750)
  expect(await tree.sealedAt(750)).toEqual(hashes[750])
})

test('every leaf knows its place once it is under a checkpoint, and not before', async () => {
  const ledger = await bench.open()
  await ledger.checkpoint()
  for (let n = 0; n < 4; n += 1) {
    for (let m = 0; m < 3; m += 1)
      await record(db(), clock.now(), [{ kind: 'press.stroke', id: `${n}.${m}`, after: {} }])
    await ledger.checkpoint()
  }
  const leaves = await leavesInOrder()
  for (const [place, leaf] of leaves.entries()) {
    expect(await placeAt(db(), leaf)).toMatchObject({
      place,
      checkpoint: first + Math.ceil((place + 1 - first) / 6) * 6,
    })
  }
  expect(await sealedTexts()).toEqual(leaves.map(({ text }) => text))
  await record(db(), clock.now())
  expect(await placeAt(db(), (await leavesInOrder()).at(-1) ?? beginning)).toBeUndefined()
})

test('leaves restored from another cluster stand before those of this one, whatever their transaction numbers', async () => {
  await record(db(), clock.now(), [{ kind: 'press.stroke', id: 'old', after: {} }])
  // As a dump brings it: numbers of the old cluster, which are far ahead of this one's.
  await bench.tamper(`
    update platform.audit_entry set xid = '900000000000' where operation = 'press.stroke.set';
    update platform.record_change set xid = '900000000000';
    update platform.ledger_era set cluster = 'the old one';
    insert into platform.ledger_era values (2, (select system_identifier::text from pg_control_system()), 0)`)
  const ledger = await bench.open()
  await record(db(), clock.now(), [{ kind: 'press.stroke', id: 'new', after: {} }])
  expect((await ledger.checkpoint())?.size).toBe(first + 4)
  const texts = await sealedTexts()
  expect(texts[first]).toContain('"old"')
  expect(texts[first + 2]).toContain('"new"')
})

test('in the background leaves are sealed and signed, and stopping signs the last of them', async () => {
  const ledger = await bench.open({ sealEveryMs: 5, checkpointEveryMs: 10 })
  await record(db(), clock.now())
  await waitFor(async () => (await ledger.status()).checkpoint?.size === first + 1, 'the checkpoint')
  await record(db(), clock.now())
  await ledger.stop()
  expect((await findCheckpoint(db()))?.size).toBe(first + 2)
})

test('stopping waits for a transaction that is about to commit', async () => {
  const ledger = await bench.open()
  const other = openDatabase(database.connection)
  let commit = (): void => {}
  const told = new Promise<void>((resolve) => {
    commit = resolve
  })
  let isOpen = false
  const writing = other.transaction().execute(async (trx) => {
    await recordIn(trx, clock.now())
    isOpen = true
    await told
  })
  await waitFor(() => isOpen, 'the open transaction')
  const stopping = ledger.stop()
  commit()
  await Promise.all([writing, stopping])
  await other.destroy()
  expect((await findCheckpoint(db()))?.size).toBe(first + 1)
})

test('[P11-10a!] a tree that was changed while the product was off is not signed on, and the fault says so', async () => {
  const earlier = await bench.open()
  await recordMany(db(), clock.now(), 300)
  await earlier.checkpoint()
  await earlier.stop()
  await bench.tamper(`update platform.ledger_tile set hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1)`)
  const second = await bench.open({ sealEveryMs: 5, checkpointEveryMs: 5 })
  await record(db(), clock.now())
  await expect(second.seal()).rejects.toMatchObject({ kind: 'conflict', code: 'platform.ledger-tree-broken' })
  const fault = await waitFor(() => second.faults()[0], 'the fault')
  expect(fault.message).toContain('restore it from a backup')
  expect((await findCheckpoint(db()))?.size).toBe(first + 300)
})

test('[P11-10a] a leaf that was rewritten after its tile was sealed and before it was signed is not signed over', async () => {
  const killed = await bench.open()
  await recordMany(db(), clock.now(), 300)
  expect(await killed.seal()).toBe(first + 300)
  await bench.tamper(
    `update platform.audit_entry set leaf_hash = sha256('forged') where operation = 'press.stroke.count' and outcome = 'done'`,
  )
  const next = await bench.open()
  await expect(next.checkpoint()).rejects.toMatchObject({ code: 'platform.ledger-tree-broken' })
})

test('a checkpoint that somebody put into the table is not signed on', async () => {
  const earlier = await bench.open()
  await record(db(), clock.now())
  await earlier.checkpoint()
  await earlier.stop()
  await bench.tamper(`update platform.ledger_checkpoint set note = replace(note, 'synchronised', 'unknown')`)
  await expect((await bench.open()).seal()).rejects.toMatchObject({ code: 'platform.ledger-tree-broken' })
})

test('a new key is introduced by the one before it, signs from there on, and the old private key is destroyed', async () => {
  const ledger = await bench.open()
  await record(db(), clock.now())
  const introduced = await ledger.rotateKey()
  expect(introduced).toMatchObject({ number: 2, from: first + 1 })
  const [one, two] = (await ledger.status()).keys.map(parseVerifierKey)
  if (one === undefined || two === undefined) throw new Error('two keys were expected')
  expect(openNote(introduced.note, [one, two])).toContain('\n2\n')
  expect(openNote((await findCheckpoint(db()))?.note ?? '', [one])).toBeDefined()
  await record(db(), clock.now())
  expect(openNote((await ledger.checkpoint())?.note ?? '', [two])).toBeDefined()
  expect(await readdir(join(bench.folder, 'keys'))).toEqual([`ledger-${ledger.id}-key-2.pem`])
  await ledger.stop()
  await bench.open()
})

test('private keys are files that only their owner may read', async () => {
  const ledger = await bench.open()
  const file = join(bench.folder, 'keys', `ledger-${ledger.id}-key-1.pem`)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(join(bench.folder, 'keys'))).mode & 0o777).toBe(0o700)
})

test.each([
  ['is missing', (file: string) => rm(file)],
  ['holds something else', (file: string) => writeFile(file, 'no key')],
  [
    "holds another ledger's key",
    (file: string) =>
      writeFile(
        file,
        `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----\n`,
      ),
  ],
])('when the key file %s, the start is refused with what to do', async (_, spoil) => {
  const ledger = await bench.open()
  await ledger.stop()
  await spoil(join(bench.folder, 'keys', `ledger-${ledger.id}-key-1.pem`))
  await expect(bench.open()).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'platform.ledger-key-missing',
    message: expect.stringContaining('THROUGHLINE_NEW_LEDGER_KEY=1'),
  })
})

test('a lost key can be replaced by one that nobody introduces, and only a lost one', async () => {
  const ledger = await bench.open()
  await record(db(), clock.now())
  await ledger.stop()
  await expect(bench.open({ newKey: true })).rejects.toMatchObject({ code: 'platform.ledger-key-present' })
  await rm(join(bench.folder, 'keys'), { recursive: true })
  const next = await bench.open({ newKey: true })
  await record(db(), clock.now())
  const made = await next.checkpoint()
  const [one, two] = (await next.status()).keys.map(parseVerifierKey)
  if (one === undefined || two === undefined) throw new Error('two keys were expected')
  expect(openNote(made?.note ?? '', [two])).toBeDefined()
  const note = await sql<{ note: string }>`select note from platform.ledger_key where number = 2`.execute(db())
  expect(openNote(note.rows[0]?.note ?? '', [one])).toBeUndefined()
})

test('[P11-10a!] an independent verifier accepts the proof of every leaf under our checkpoint, and of no other', async () => {
  const ledger = await bench.open()
  await recordMany(db(), clock.now(), 300)
  const made = await ledger.checkpoint()
  const { keys } = await ledger.status()
  const key = parseVerifierKey(keys[0] ?? '')
  const logId = Buffer.concat([key.keyId, Buffer.alloc(28)])
  const log = {
    logID: logId,
    publicKey: key.publicKey,
    validFor: { start: new Date(0), end: new Date(8.64e15) },
    baseURL: `https://example.com/${key.name}`,
  }
  const tree = await StoredTree.open(db(), first + 300)
  const judge = async (place: number, text: string): Promise<void> =>
    verifyTLogInclusion(
      {
        logIndex: String(place),
        logId: { keyId: logId },
        kindVersion: { kind: 'entry', version: '1' },
        integratedTime: '0',
        inclusionPromise: undefined,
        inclusionProof: {
          logIndex: String(place),
          rootHash: Buffer.alloc(0),
          treeSize: String(first + 300),
          hashes: await inclusionProof(tree.node, place, first + 300),
          checkpoint: { envelope: made?.note ?? '' },
        },
        canonicalizedBody: Buffer.from(text),
      },
      [log],
    )
  const leaves = await leavesInOrder()
  for (const [place, leaf] of leaves.entries()) await judge(place, leaf.text)
  await expect(judge(7, leaves[8]?.text ?? '')).rejects.toThrow('does not match')
  await expect(judge(299, `${leaves[299]?.text} `)).rejects.toThrow('does not match')
  expect(leafHash(leaves[0]?.text ?? '')).toEqual(leaves[0]?.hash)
})
