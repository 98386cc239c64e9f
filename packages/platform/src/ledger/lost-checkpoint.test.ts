import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { createTestDatabase, handClock } from '@throughline/testkit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { fileDrop } from './anchor/file-drop.ts'
import type { Ledger } from './ledger.ts'
import { reconcile } from './reconcile.ts'
import type { TestBench } from './testing/open-test-ledger.ts'
import { openTestBench } from './testing/open-test-ledger.ts'
import { record, recordMany } from './testing/record.ts'

let server: TestDatabase
beforeAll(async () => {
  server = await createTestDatabase({ modules: [] })
})
afterAll(() => server.close())

let database: TestDatabase
let clock: HandClock
let bench: TestBench
let ledger: Ledger
let sizes: number[]

/** Checkpoints before and after the first full tile, handed out. */
beforeEach(async () => {
  database = await server.another()
  clock = handClock()
  bench = await openTestBench(database, clock)
  const folder = join(bench.folder, 'witness')
  await mkdir(folder)
  ledger = await bench.open({ anchors: [fileDrop(folder)] })
  sizes = []
  for (const count of [100, 100, 100, 10, 10]) {
    await recordMany(database.db, clock.now(), count)
    sizes.push((await ledger.checkpoint())?.size ?? 0)
  }
  return () => bench.close()
})

const remove = (size: number | undefined) =>
  bench.tamper(`delete from platform.ledger_anchor where size = ${size};
    delete from platform.ledger_checkpoint where size = ${size}`)

test.each([0, 3])('[P11-10a!] checkpoint %i, when it is deleted, is missed by the next one', async (nth) => {
  await remove(sizes[nth])
  const { findings } = await ledger.check()
  expect(findings).toContainEqual(
    expect.objectContaining({ finding: 'missing', message: expect.stringContaining(`over ${sizes[nth]} leaves`) }),
  )
  // What the others prove stays proven.
  expect(findings.map(({ finding }) => finding)).not.toContain('altered')
})

test('[P11-10a!] a checkpoint that nothing else misses is missed by whoever it was handed to', async () => {
  await ledger.stop()
  ledger = await bench.open({ anchors: [fileDrop(join(bench.folder, 'witness'))] })
  // The next one ends in another tile, and begins there.
  await remove(sizes[1])
  const { findings } = await ledger.check()
  expect(findings.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(
      new RegExp(`over ${sizes[1]} leaves that was handed out as .*${sizes[1]}\\.checkpoint is gone`),
    ),
  )
})

test('[P11-10a!] a checkpoint over more leaves than there are is forged, and hides nothing that is before it', async () => {
  await bench.tamper(`
    insert into platform.ledger_checkpoint (size, note, at, era, xid, tail)
    select size + 500, replace(note, size::text, (size + 500)::text), at, era, xid, tail
    from platform.ledger_checkpoint order by size desc limit 1;
    delete from platform.audit_entry where seq = (select seq from platform.audit_entry order by seq offset 150 limit 1)`)
  const { findings } = await ledger.check()
  expect(findings.filter(({ finding }) => finding === 'forged')).toContainEqual(
    expect.objectContaining({ message: expect.stringContaining(`over ${(sizes[4] ?? 0) + 500} leaves`) }),
  )
  const missing = findings.filter(({ finding }) => finding === 'missing')
  expect(missing).toHaveLength(1)
  expect(missing[0]?.place).toBeGreaterThanOrEqual(150)
})

test('[P11-10a!] a change whose text was made into something else is told, and the others are laid against their rows', async () => {
  const [one, two] = ['one', 'two']
  for (const id of [one, two]) await record(database.db, clock.now(), [{ kind: 'press.stroke', id, after: { id } }])
  await bench.tamper(`update platform.record_change set text = left(text, 20) where record_id = 'one'`)
  const findings = await reconcile(database.owner, [])
  expect(findings).toMatchObject([
    { finding: 'altered', message: expect.stringContaining('press.stroke one, version 1') },
    { finding: 'missing', message: expect.stringContaining('press.stroke two') },
  ])
})
