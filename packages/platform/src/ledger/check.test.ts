import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { createTestDatabase, handClock } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { fileDrop } from './anchor/file-drop.ts'
import type { Finding } from './finding.ts'
import { leafHash } from './leaf.ts'
import type { Ledger } from './ledger.ts'
import type { TestBench } from './testing/open-test-ledger.ts'
import { openTestBench } from './testing/open-test-ledger.ts'
import { record, recordMany } from './testing/record.ts'

let server: TestDatabase
beforeAll(async () => {
  server = await createTestDatabase({ modules: [] })
})
afterAll(() => server.close())

interface Leaf {
  place: number
  table: string
  seq: number
  text: string
}

const kept = ['audit_entry', 'record_change', 'ledger_tile', 'ledger_checkpoint', 'ledger_key', 'ledger_anchor']
const keep = `create schema kept; ${kept.map((table) => `create table kept.${table} as table platform.${table};`).join(' ')}`
const putBack = kept
  .map((table) => `delete from platform.${table}; insert into platform.${table} table kept.${table};`)
  .join(' ')

/**
 * A ledger with checkpoints of 21, 621, 631 and 641 leaves, the first of which tells that the tables were made. It is put
 * back as it was after each test.
 */
describe('a ledger that somebody worked on', () => {
  let database: TestDatabase
  let clock: HandClock
  let bench: TestBench
  let ledger: Ledger
  let leaves: Leaf[]

  beforeAll(async () => {
    database = await server.another()
    clock = handClock()
    bench = await openTestBench(database, clock)
    ledger = await bench.open()
    for (let n = 1; n <= 5; n += 1) await stroke(n)
    await ledger.checkpoint()
    await recordMany(database.db, clock.now(), 600)
    await ledger.checkpoint()
    for (let n = 6; n <= 7; n += 1) await stroke(n)
    await recordMany(database.db, clock.now(), 2)
    await ledger.checkpoint()
    await recordMany(database.db, clock.now(), 10)
    await ledger.checkpoint()
    await recordMany(database.db, clock.now(), 3)
    const found = await sql<Leaf>`
      select (row_number() over (order by era, xid, seq) - 1)::int as place, "table", seq, text from (
        select 'audit_entry' as "table", era, xid, seq, text from platform.audit_entry
        union all select 'record_change', era, xid, seq, text from platform.record_change
      ) leaf order by place`.execute(database.db)
    leaves = found.rows
    await bench.tamper(keep)
    await cp(join(bench.folder, 'keys'), join(bench.folder, 'backup'), { recursive: true })
    return () => bench.close()
  })
  beforeEach(async () => {
    ledger = await bench.open()
    return async () => {
      await bench.stop()
      await bench.tamper(putBack)
      await rm(join(bench.folder, 'keys'), { recursive: true })
      await cp(join(bench.folder, 'backup'), join(bench.folder, 'keys'), { recursive: true })
    }
  })

  /** Two entries: one makes the stroke, one changes it together with the press it belongs to. */
  async function stroke(n: number): Promise<void> {
    const id = `s${n}`
    clock.advanceMs(1000)
    await record(database.db, clock.now(), [{ kind: 'press.stroke', id, after: { id, force: n } }])
    await record(database.db, clock.now(), [])
    await record(database.db, clock.now(), [])
  }

  const leafAt = (place: number): Leaf => {
    const leaf = leaves[place]
    if (leaf === undefined) throw new Error(`there is no leaf ${place}`)
    return leaf
  }
  const tableOf = (place: number): string => `platform.${leafAt(place).table}`
  const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`

  const at = (place: number): string => `where seq = ${leafAt(place).seq}`

  async function first(): Promise<Finding | undefined> {
    const { findings, isComplete } = await ledger.check()
    expect(isComplete).toBe(true)
    return findings[0]
  }

  test('is told to be as it was when nobody did', async () => {
    expect(await ledger.check()).toEqual({
      leaves: 644,
      sealed: 641,
      checkpoints: 4,
      witnesses: 0,
      findings: [],
      isComplete: true,
    })
  })

  test('[P11-10a!] a text that was edited is altered, and told with its time, person and operation', async () => {
    await bench.tamper(`update platform.record_change set text = replace(text, '"force":2', '"force":9') ${at(5)}`)
    expect(await ledger.check()).toMatchObject({
      findings: [
        {
          finding: 'altered',
          place: 5,
          actor: 'ada',
          operation: 'press.stroke.set',
          at: JSON.parse(leafAt(5).text).at,
        },
      ],
    })
  })

  test('[P11-10a!] a text that was edited together with its hash is altered', async () => {
    const text = leafAt(5).text.replace('"force":2', '"force":9')
    await bench.tamper(
      `update platform.record_change set text = ${quote(text)}, leaf_hash = '\\x${leafHash(text).toString('hex')}' ${at(5)}`,
    )
    const { findings } = await ledger.check()
    expect(findings[0]).toMatchObject({ finding: 'altered', place: 5, operation: 'press.stroke.set' })
    expect(findings).toHaveLength(1)
  })

  test('[P11-10a!] an edit with all its hashes, digests and tiles made anew is unproven, between two checkpoints', async () => {
    const text = leafAt(300).text.replace('"ada"', '"eve"')
    const hash = leafHash(text).toString('hex')
    const tile = 300 - 256
    await bench.tamper(`
      update platform.audit_entry set actor = 'eve', text = ${quote(text)}, leaf_hash = '\\x${hash}' ${at(300)};
      update platform.ledger_tile set hashes = overlay(hashes placing '\\x${hash}'::bytea from ${tile * 32 + 1} for 32)
        where level = 0 and number = 1`)
    expect(await ledger.check()).toMatchObject({ findings: [{ finding: 'unproven', place: 21 }] })
  })

  test.each([0, 1, 5, 21, 300, 621, 632])(
    '[P11-10a!] the leaf at place %i, when it is deleted, is missing, and no other',
    async (place) => {
      await bench.tamper(`delete from ${tableOf(place)} ${at(place)}`)
      const { findings } = await ledger.check()
      expect(findings[0]).toMatchObject({ finding: 'missing', place })
      // A change that is gone is missed by its entry too.
      expect(findings.length).toBeLessThanOrEqual(2)
      expect(new Set(findings.map(({ finding }) => finding))).toEqual(new Set(['missing']))
    },
  )

  test('[P11-10a!] an entry that is deleted is missing, and missed by the change that it told of', async () => {
    await bench.tamper(`delete from platform.audit_entry ${at(622)}`)
    const { findings } = await ledger.check()
    expect(findings).toMatchObject([
      { finding: 'missing', place: 621, message: expect.stringContaining('who did it is gone') },
      { finding: 'missing', place: 622 },
    ])
  })

  test('[P11-10a!] many leaves that are deleted are missing as one', async () => {
    await bench.tamper(`delete from platform.audit_entry where seq between ${leafAt(100).seq} and ${leafAt(499).seq}`)
    expect(await ledger.check()).toMatchObject({
      findings: [{ finding: 'missing', place: 100, message: expect.stringContaining('400 leaves') }],
    })
  })

  test('[P11-10a!, AL-Consistent!] two leaves that changed places are reordered, and those between them are not', async () => {
    const [one, two] = [leafAt(100), leafAt(103)]
    await bench.tamper(`
      update platform.audit_entry set seq = -1 where seq = ${one.seq};
      update platform.audit_entry set seq = ${one.seq} where seq = ${two.seq};
      update platform.audit_entry set seq = ${two.seq} where seq = -1`)
    const { findings } = await ledger.check()
    expect(findings.map(({ finding, place }) => [finding, place])).toEqual([
      ['reordered', 100],
      ['reordered', 103],
    ])
  })

  test('[P11-10a!] one leaf that was moved is reordered, and told with the place where it belongs', async () => {
    await bench.tamper(`update platform.audit_entry set xid = (select max(xid) from platform.audit_entry where seq < ${leafAt(621).seq}),
      seq = ${leafAt(620).seq} + 100000 ${at(200)}`)
    const { findings } = await ledger.check()
    expect(findings[0]).toMatchObject({ finding: 'reordered', place: 200 })
    expect(findings).toHaveLength(1)
  })

  test('[P11-10a!] a leaf that was put in between is altered: it was never sealed', async () => {
    const text = leafAt(40).text.replace('"ada"', '"eve"')
    await bench.tamper(`
      insert into platform.audit_entry (era, xid, seq, id, at, actor, actor_kind, operation, outcome, text, leaf_hash)
      select era, xid, -7, gen_random_uuid(), at, 'eve', actor_kind, operation, outcome, ${quote(text)}, '\\x${leafHash(text).toString('hex')}'
      from platform.audit_entry ${at(40)}`)
    const { findings } = await ledger.check()
    expect(findings).toMatchObject([
      { finding: 'altered', message: expect.stringContaining('never sealed'), actor: 'eve' },
    ])
  })

  test('[P11-10a!] a row that says something else than its text is altered, in each column that people search by', async () => {
    const columns: [string, number, string][] = [
      ['at', 30, 'at + 1'],
      ['actor', 30, "'eve'"],
      ['actor_kind', 30, "'system'"],
      ['operation', 30, "'press.stroke.see'"],
      ['outcome', 30, "'platform.forbidden'"],
      ['reason', 30, "'because'"],
      ['id', 30, 'gen_random_uuid()'],
      ['at', 5, 'at + 1'],
      ['record_kind', 5, "'press.die'"],
      ['record_id', 5, "'another'"],
      ['version', 5, '2'],
      ['entry_id', 5, 'gen_random_uuid()'],
    ]
    for (const [column, place, value] of columns) {
      const kept = await sql<Record<string, unknown>>`
        select ${sql.ref(column)}::text as kept from ${sql.table(tableOf(place))} where seq = ${leafAt(place).seq}`.execute(
        database.db,
      )
      await bench.tamper(`update ${tableOf(place)} set ${column} = ${value} ${at(place)}`)
      expect(await first(), column).toMatchObject({ finding: 'altered', place })
      const before = kept.rows[0]?.['kept']
      await bench.tamper(
        `update ${tableOf(place)} set ${column} = ${before === null ? 'null' : quote(String(before))} ${at(place)}`,
      )
    }
    expect(await first()).toBeUndefined()
  })

  test('[P11-10a!] a text that is no leaf any more is altered, and the check goes on behind it', async () => {
    await bench.tamper(`
      update platform.audit_entry set text = 'gone' ${at(30)};
      update platform.audit_entry set text = '{"type":"change"}' ${at(60)}`)
    const { findings } = await ledger.check()
    expect(new Set(findings.map(({ place }) => place))).toEqual(new Set([30, 60]))
  })

  test('[P11-10a!] an end that was cut off the tables is truncated', async () => {
    await bench.tamper(`delete from platform.audit_entry where seq >= ${leafAt(632).seq}`)
    expect(await first()).toMatchObject({
      finding: 'truncated',
      place: 632,
      message: expect.stringContaining('9 leaves'),
    })
  })

  test('[P11-10a!] a checkpoint that was edited, and one that somebody else signed, are forged', async () => {
    await bench.tamper(
      `update platform.ledger_checkpoint set note = replace(note, 'synchronised', 'unknown') where size = 631`,
    )
    const { findings } = await ledger.check()
    expect(findings).toMatchObject([{ finding: 'forged', place: 630 }])
  })

  test('[P11-10a!] a checkpoint that stands before an earlier one is rolled back', async () => {
    await bench.tamper(`update platform.ledger_checkpoint set xid = '1' where size = 631`)
    const { findings } = await ledger.check()
    expect(findings.map(({ finding }) => finding)).toContain('rolled-back')
  })

  test('[P11-10a!] a tile that is gone is told, and leaves what it held without proof', async () => {
    await bench.tamper('delete from platform.ledger_tile where number = 1')
    const { findings } = await ledger.check()
    expect(findings).toMatchObject([{ finding: 'missing', place: 256 }])
  })

  test('[P11-10a!] a key note that was made by somebody else is forged', async () => {
    await bench.tamper(`update platform.ledger_key set note = replace(note, 'from 0', 'from 1')`)
    expect(await first()).toMatchObject({ finding: 'forged', message: expect.stringContaining('key 1') })
    await ledger.stop()
    ledger = await bench.open()
    await expect(ledger.checkpoint()).rejects.toMatchObject({ code: 'platform.ledger-key-forged' })
    expect(await first()).toMatchObject({ finding: 'forged' })
    expect((await ledger.status()).keys).toEqual([])
  })

  test('[P11-10a] a key that nobody introduced is told as forged, also when it only replaces a lost one', async () => {
    await ledger.stop()
    ledger = await bench.open({ keyDir: join(bench.folder, 'other keys'), newKey: true })
    const { findings } = await ledger.check()
    expect(findings).toMatchObject([{ finding: 'forged', place: null, message: expect.stringContaining('Key 2') }])
  })

  test('[P11-10a!, P11-10e-2!] a version of a record that is gone with its entry is missing, even where nothing is sealed', async () => {
    await record(database.db, clock.now(), [{ kind: 'press.stroke', id: 's1', after: {} }])
    await record(database.db, clock.now(), [{ kind: 'press.stroke', id: 's1', after: {} }])
    await bench.tamper(`
      delete from platform.audit_entry where id = (select entry_id from platform.record_change where record_id = 's1' and version = 2);
      delete from platform.record_change where record_id = 's1' and version = 2`)
    const { findings } = await ledger.check()
    expect(findings).toMatchObject([
      { finding: 'missing', message: expect.stringContaining('version 2 of the record is gone') },
    ])
  })

  test('[P11-10a!, AL-Consistent!] a change without its entry, and an entry without its change, are missing', async () => {
    await bench.tamper(`
      insert into platform.record_change (entry_id, at, record_kind, record_id, version, text, leaf_hash)
      select '019ab000-0000-7000-8000-000000000001', at, record_kind, 'orphan', 1, t.text, sha256('\\x00'::bytea || convert_to(t.text, 'UTF8'))
      from platform.record_change, lateral (select replace(replace(text, '"id":"s1","kind"', '"id":"orphan","kind"'),
        entry_id::text, '019ab000-0000-7000-8000-000000000001') as text) t where record_id = 's1'`)
    const { findings } = await ledger.check()
    expect(findings).toMatchObject([{ finding: 'missing', message: expect.stringContaining('orphan') }])
  })

  test('a ledger that was rewritten as a whole is told without being searched to the end', async () => {
    await bench.tamper(`update platform.audit_entry set text = replace(text, '"ada"', '"eve"'), actor = 'eve'`)
    const { findings, isComplete } = await ledger.check({ limit: 50 })
    expect(findings).toHaveLength(50)
    expect(isComplete).toBe(false)
    expect(findings[0]).toMatchObject({ finding: 'altered', place: 0 })
  })

  test('[P11-10a] an end that was cut off with its checkpoints, under the running program, is truncated', async () => {
    await bench.tamper(`
      delete from platform.audit_entry where seq >= ${leafAt(621).seq};
      delete from platform.record_change where seq >= ${leafAt(621).seq};
      delete from platform.ledger_checkpoint where size > 621`)
    expect(await ledger.check()).toMatchObject({
      findings: [{ finding: 'truncated', place: 621, message: expect.stringContaining('this program saw last') }],
    })
  })

  test('[P11-10a] an end that was cut off is truncated as long as one note tells that it was handed out', async () => {
    await ledger.stop()
    await bench.tamper(`
      insert into platform.ledger_anchor (id, size, kind, target, at)
        select gen_random_uuid(), size, 'mail', 'auditor@example.com', at from platform.ledger_checkpoint where size = 641;
      delete from platform.audit_entry where seq >= ${leafAt(621).seq};
      delete from platform.record_change where seq >= ${leafAt(621).seq};
      delete from platform.ledger_checkpoint where size > 621`)
    ledger = await bench.open()
    expect(await first()).toMatchObject({
      finding: 'truncated',
      message: expect.stringContaining('auditor@example.com'),
    })
  })

  describe('with a folder of witnesses', () => {
    let folder: string
    beforeEach(async () => {
      folder = await mkdtemp(join(bench.folder, 'witnesses-'))
      await ledger.stop()
      ledger = await bench.open({ anchors: [fileDrop(folder)] })
      await ledger.checkpoint()
      await ledger.stop()
    })

    const goOn = async (): Promise<void> => {
      ledger = await bench.open({ anchors: [fileDrop(folder)] })
    }
    const cutAt = (place: number): string => `
      delete from platform.audit_entry where seq >= ${leafAt(place).seq};
      delete from platform.record_change where seq >= ${leafAt(place).seq};
      delete from platform.ledger_checkpoint where size > ${place};
      delete from platform.ledger_anchor where size > ${place};
      delete from platform.ledger_tile where (number + 1) * 256 > ${place}`

    test('every checkpoint is dropped, and all agree', async () => {
      await goOn()
      const sizes = (await readdir(folder)).map((name) => Number.parseInt(name, 10)).sort((a, b) => a - b)
      expect(sizes).toEqual([21, 621, 631, 641, 644])
      expect(await ledger.check()).toMatchObject({ findings: [], witnesses: 5 })
      expect(ledger.faults()).toEqual([])
    })

    test('[P11-10a!] a ledger that was set back whole is truncated, and the start says so', async () => {
      await bench.tamper(cutAt(21))
      await goOn()
      expect(ledger.faults()).toMatchObject([{ what: 'witness', message: expect.stringContaining('are gone') }])
      expect(await first()).toMatchObject({ finding: 'truncated', place: 21 })
    })

    test('[P11-10a!] a ledger that was set back and went on differently is rolled back', async () => {
      await bench.tamper(cutAt(21))
      await goOn()
      await recordMany(database.db, clock.now(), 900)
      await ledger.checkpoint()
      const { findings } = await ledger.check()
      // All of them but the one from before it was set back.
      expect(findings.map(({ finding }) => finding)).toEqual(Array.from({ length: 4 }, () => 'rolled-back'))
    })

    test('[P11-10a!] a ledger that was set back beyond a change of its key is rolled back', async () => {
      await goOn()
      await ledger.rotateKey()
      await recordMany(database.db, clock.now(), 5)
      await ledger.stop()
      await bench.tamper(`${cutAt(21)}; delete from platform.ledger_key where number = 2`)
      await expect(goOn()).rejects.toMatchObject({ code: 'platform.ledger-key-missing' })
      ledger = await bench.open({ anchors: [fileDrop(folder)], keyDir: join(bench.folder, 'backup') })
      const { findings } = await ledger.check()
      expect(findings.map(({ finding }) => finding)).toContain('rolled-back')
    })

    test('a witness that is no checkpoint of this ledger is told as forged', async () => {
      await writeFile(join(folder, '5.checkpoint'), 'not a checkpoint')
      await goOn()
      expect(ledger.faults()).toMatchObject([{ what: 'witness', message: expect.stringContaining('5.checkpoint') }])
      const note = await readFile(join(folder, '631.checkpoint'), 'utf8')
      const { findings } = await ledger.check({
        witnesses: [{ name: 'from a mail', note: note.replace('631', '632') }],
      })
      expect(findings.map(({ finding }) => finding)).toEqual(['forged', 'forged'])
      expect(findings[1]?.message).toContain('from a mail')
    })
  })
})

test('[P11-10a] in a large ledger, a leaf that was rewritten with hash and tile is told to within 256 places', async () => {
  const database = await server.another()
  const clock = handClock()
  const bench = await openTestBench(database, clock)
  try {
    const ledger = await bench.open()
    await recordMany(database.db, clock.now(), 70_000)
    await ledger.checkpoint()
    const flip = 'update platform.ledger_tile set hashes = set_byte(hashes, 0, get_byte(hashes, 0) # 1) where level = 1'
    await bench.tamper(flip)
    expect(await ledger.check()).toMatchObject({
      findings: [
        { finding: 'altered', place: 0, message: expect.stringContaining('the leaves there are as they were signed') },
      ],
    })
    await bench.tamper(flip)
    const victim = await sql<{ seq: number; text: string }>`
      select seq, text from platform.audit_entry order by era, xid, seq offset 40000 limit 1`.execute(database.db)
    const text = (victim.rows[0]?.text ?? '').replace('"outcome":"done"', '"outcome":"gone"')
    const hash = leafHash(text).toString('hex')
    await bench.tamper(`
      update platform.audit_entry set outcome = 'gone', text = '${text}', leaf_hash = '\\x${hash}' where seq = ${victim.rows[0]?.seq};
      update platform.ledger_tile set hashes = overlay(hashes placing '\\x${hash}'::bytea from ${(40_000 % 256) * 32 + 1} for 32)
        where level = 0 and number = ${Math.floor(40_000 / 256)}`)
    expect(await ledger.check()).toMatchObject({
      findings: [
        { finding: 'unproven', place: 39_936, message: expect.stringContaining('place 39936 and place 40191') },
      ],
    })
  } finally {
    await bench.close()
  }
}, 120_000)
