import type { RecordRef, Signature } from '@throughline/model'
import { listSignatures, prepareSignature } from '@throughline/model'
import fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SignedIn, Signing } from './testing/signing.ts'
import { startSigning } from './testing/signing.ts'

let plant: Signing
let quality: SignedIn
let record: RecordRef
let signature: Signature

beforeAll(async () => {
  plant = await startSigning()
  quality = await plant.someone('quinn', 'quality')
  record = await plant.record('record-one')
  signature = await plant.sign(quality, record, 'reviewed')
})
afterAll(() => plant?.close())

const listed = (of: RecordRef = record): Promise<Signature[]> =>
  plant.platform.run(listSignatures, quality.actor, { record: of })

/** What somebody could do who owns the database: all that keeps the row is switched off for them. */
async function pastTheProduct(change: () => Promise<unknown>): Promise<void> {
  const { owner } = plant.database
  await sql`alter table identity.signature disable trigger all`.execute(owner)
  await change()
  await sql`alter table identity.signature enable trigger all`.execute(owner)
}

const rowOf = async (id: string): Promise<Record<string, unknown>> => {
  const { rows } = await sql<{ row: Record<string, unknown> }>`
    select to_json(held) as row from identity.signature held where id = ${id}`.execute(plant.database.owner)
  return rows[0]?.row ?? {}
}

const write = (id: string, column: string, value: unknown) =>
  sql`update identity.signature set ${sql.id(column)} = ${value} where id = ${id}`.execute(plant.database.owner)

describe('a stored signature', () => {
  test('[P11-70!, P11-10c!, P11-50b!] is not changed and not deleted, neither by the product nor by the owner of the tables', async () => {
    for (const [db, refusal] of [
      [plant.database.db, /permission denied/],
      [plant.database.owner, /never changed/],
    ] as const) {
      await expect(sql`update identity.signature set reason = 'another'`.execute(db)).rejects.toThrow(/never changed/)
      await expect(sql`delete from identity.signature`.execute(db)).rejects.toThrow(refusal)
      await expect(sql`truncate identity.signature`.execute(db)).rejects.toThrow(/never changed|permission denied/)
    }
    expect(await listed()).toEqual([signature])
  })

  test('[P11-70!, P11-10a!] with one character changed anywhere is broken, and still says what was signed', async () => {
    const kept = await rowOf(signature.id)
    const columns = Object.keys(kept).filter((column) => !['id', 'person_id'].includes(column))
    const change = fc.record({
      column: fc.constantFrom(...columns),
      place: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      by: fc.integer({ min: 1, max: 255 }),
    })
    await fc.assert(
      fc.asyncProperty(change, async ({ column, place, by }) => {
        const value = kept[column]
        const altered = typeof value === 'number' ? value + by : alteredText(String(value), place, by)
        await pastTheProduct(() => write(signature.id, column, altered))
        const found = (await listed()).find((each) => each.id === signature.id)
        // A record's kind or id leads elsewhere; here, the ledger still knows that it was signed.
        expect(found, `${column}: ${altered}`).toMatchObject({
          ...signature,
          state: 'broken',
          stateReason: expect.any(String),
        })
        await pastTheProduct(() => write(signature.id, column, value))
      }),
      { numRuns: 60 },
    )
    expect(await listed()).toEqual([signature])
  })

  test('[P11-70!] with manifest, hash and columns changed together, so that they fit each other, is broken', async () => {
    const kept = await rowOf(signature.id)
    const manifest = String(kept['manifest']).replace('"meaning":"reviewed"', '"meaning":"released"')
    expect(manifest).not.toBe(kept['manifest'])
    await pastTheProduct(() =>
      sql`update identity.signature set meaning = 'released', manifest = ${manifest},
        manifest_hash = encode(sha256(convert_to(${manifest}, 'UTF8')), 'hex') where id = ${signature.id}`.execute(
        plant.database.owner,
      ),
    )
    expect(await listed()).toMatchObject([{ id: signature.id, state: 'broken', meaning: 'reviewed' }])
    for (const column of ['meaning', 'manifest', 'manifest_hash']) {
      await pastTheProduct(() => write(signature.id, column, kept[column]))
    }
    expect(await listed()).toEqual([signature])
  })

  test('[P11-70!, P11-10a!] whose row was altered together with its leaf in the ledger is broken: its manifest says otherwise', async () => {
    const forged = await plant.record('record-forged-leaf')
    const made = await plant.sign(quality, forged, 'reviewed')
    const { owner } = plant.database
    await pastTheProduct(() => write(made.id, 'meaning', 'released'))
    await sql`alter table platform.record_change disable trigger all`.execute(owner)
    await sql`update platform.record_change set text = replace(text, '"meaning":"reviewed"', '"meaning":"released"')
      where record_kind = 'identity.signature' and record_id = ${made.id}`.execute(owner)
    await sql`update platform.record_change set leaf_hash = sha256('\\x00'::bytea || convert_to(text, 'UTF8'))
      where record_kind = 'identity.signature' and record_id = ${made.id}`.execute(owner)
    await sql`alter table platform.record_change enable trigger all`.execute(owner)
    expect(await listed(forged)).toMatchObject([{ id: made.id, state: 'broken', meaning: 'released' }])
  })

  test('[P11-70!, P11-200a2!] that was put under another name, or under another id, is broken', async () => {
    const mine = await plant.record('record-mine')
    const made = await plant.sign(quality, mine, 'reviewed')
    const other = await plant.someone('otto', 'quality')
    await pastTheProduct(() => write(made.id, 'person_id', other.person.id))
    expect(await listed(mine)).toMatchObject([{ id: made.id, state: 'broken', personId: quality.person.id }])
    await pastTheProduct(() => write(made.id, 'person_id', quality.person.id))
    expect(await listed(mine)).toEqual([made])
    const id = crypto.randomUUID()
    await pastTheProduct(() => write(made.id, 'id', id))
    const found = await listed(mine)
    expect(found.map((each) => each.state)).toEqual(['broken', 'broken'])
    expect(new Set(found.map((each) => each.id))).toEqual(new Set([made.id, id]))
  })

  test('[P11-70!] that is copied to another record is broken there, and fills no step', async () => {
    const other = await plant.record('record-two')
    const copy = crypto.randomUUID()
    await pastTheProduct(() =>
      sql`insert into identity.signature
        select ${copy}, record_kind, ${other.id}, record_version, record_hash, meaning, reason, person_id, printed_name,
          signed_at, local_time, components, manifest, manifest_hash
        from identity.signature where id = ${signature.id}`.execute(plant.database.owner),
    )
    expect(await listed(other)).toMatchObject([{ id: copy, state: 'broken' }])
    expect((await listed(other))[0]?.stateReason).toContain('The ledger knows no such signature on this record')
    const { steps } = await plant.platform.run(prepareSignature, quality.actor, { record: other })
    expect(steps[0]).toMatchObject({ state: 'next', signature: null })
    expect(await listed()).toEqual([signature])
  })

  test('[P11-70!] that was moved to another record is broken on both', async () => {
    const from = await plant.record('record-from')
    const to = await plant.record('record-to')
    const moved = await plant.sign(quality, from, 'reviewed')
    await pastTheProduct(() => write(moved.id, 'record_id', to.id))
    expect(await listed(from)).toMatchObject([{ id: moved.id, state: 'broken', record: from }])
    expect(await listed(to)).toMatchObject([{ id: moved.id, state: 'broken' }])
  })

  test('[P11-70!, P11-10a!] that was deleted is missed: the ledger tells that it was there', async () => {
    const lost = await plant.record('record-lost')
    const gone = await plant.sign(quality, lost, 'reviewed')
    await pastTheProduct(() => sql`delete from identity.signature where id = ${gone.id}`.execute(plant.database.owner))
    expect(await listed(lost)).toMatchObject([
      { ...gone, state: 'broken', stateReason: expect.stringContaining('removed from the database') },
    ])
  })

  test('[P11-70!, P11-10a!] on a version whose leaf was altered is broken', async () => {
    const edited = await plant.record('record-edited')
    const on = await plant.sign(quality, edited, 'reviewed')
    const { owner } = plant.database
    await sql`alter table platform.record_change disable trigger all`.execute(owner)
    await sql`update platform.record_change set text = replace(text, 'record-edited', 'record-forged')
      where record_id = ${edited.id}`.execute(owner)
    await sql`alter table platform.record_change enable trigger all`.execute(owner)
    expect(await listed(edited)).toMatchObject([{ id: on.id, state: 'broken' }])
  })
})

function alteredText(text: string, place: number, by: number): string {
  const at = Math.floor(place * text.length)
  const code = ((text.charCodeAt(at) + by - 0x20) % 0xdf) + 0x20
  const other = code === text.charCodeAt(at) ? code + 1 : code
  return `${text.slice(0, at)}${String.fromCharCode(other)}${text.slice(at + 1)}`
}
