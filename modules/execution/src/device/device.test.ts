import type { KeyObject } from 'node:crypto'
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { Id } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { Logbook, QueuedEntry } from '@throughline/model'
import {
  closeSession,
  listLogbookEntries,
  listRefusedEntries,
  registerDeviceKey,
  setLogbook,
  submitQueue,
  writeLogbook,
} from '@throughline/model'
import type { Actor } from '@throughline/platform'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StartedExecution } from '../testing/start-execution.ts'
import { startExecution } from '../testing/start-execution.ts'
import { entryHash, signedText } from './chain.ts'

let plant: StartedExecution
let otto: Actor
let susi: Actor
let book: Logbook
let isCut = false

beforeAll(async () => {
  plant = await startExecution()
  plant.platform.guard(submitQueue, 'test.cut', async () => {
    if (isCut) throw new Error('the connection is cut')
  })
  otto = (await plant.someone('otto', 'operator')).actor
  susi = (await plant.someone('susi', 'supervisor')).actor
  book = await plant.platform.run(setLogbook, plant.anybody, {
    ...{ nodeId: plant.node('Aurora/AERO/Bench'), kind: 'shift', name: 'Shift', reason: 'as ever' },
    templates: [{ key: 'note', title: { en: 'Note' }, fields: [] }],
  })
})
afterAll(() => plant?.close())

/** A station with a key of its own, which signs what it makes. */
class Station {
  readonly device = randomUUID()
  readonly #key = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  readonly made: QueuedEntry[] = []

  async signIn(actor: Actor): Promise<void> {
    const publicKey = this.#key.publicKey.export({ format: 'jwk' })
    await plant.platform.run(registerDeviceKey, actor, { device: this.device, publicKey: { ...publicKey } })
  }

  make(more: Partial<QueuedEntry> = {}, key: KeyObject = this.#key.privateKey): QueuedEntry {
    const last = this.made.at(-1)
    const content = {
      id: randomUUID(),
      sequence: this.made.length + 1,
      operation: 'execution.logbook.write' as const,
      input: { logbookId: book.id, template: 'note', values: {}, text: `${this.made.length + 1}`, order: null },
      personId: otto.id as Id<'Person'>,
      deviceAt: plant.clock.now(),
      previous: last === undefined ? '0'.repeat(64) : entryHash(last),
      ...more,
    }
    const text = Buffer.from(signedText({ ...content, signature: '' }))
    const signature = sign('sha256', text, { key, dsaEncoding: 'ieee-p1363' }).toString('base64')
    const entry = { ...content, signature }
    this.made.push(entry)
    return entry
  }

  submit(entries: readonly QueuedEntry[], by: Actor = otto, ahead = 0) {
    const deviceNow = plant.clock.now() + ahead
    return plant.platform.run(submitQueue, by, { device: this.device, deviceNow, entries: [...entries] })
  }
}

const written = async (): Promise<string[]> => {
  const asked = { logbookId: book.id, limit: 5000 }
  const { entries } = await plant.platform.run(listLogbookEntries, otto, asked)
  return entries.map(({ text }) => text)
}
const outcomes = (answer: readonly { outcome: string }[]) => answer.map(({ outcome }) => outcome)

test('[EXE-7, A11-16] what a station made offline is recorded once, whatever is repeated, reordered or cut off', async () => {
  const station = new Station()
  await station.signIn(otto)
  let seed = 7
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((seed / 2_147_483_648) * below)
  }
  const begun = await written()
  for (let round = 0; round < 40; round++) {
    plant.clock.advanceMs(1000)
    for (let count = random(3); count >= 0; count--) station.make()
    const from = random(station.made.length)
    const some = station.made.slice(from, from + 1 + random(6))
    if (random(2) === 0) some.reverse()
    isCut = random(3) === 0
    await Promise.allSettled(random(3) === 0 ? [station.submit(some), station.submit(some)] : [station.submit(some)])
    isCut = false
  }
  for (let from = 0; from < station.made.length; from += 10) await station.submit(station.made.slice(from, from + 10))
  const texts = (await written()).slice(0, -begun.length || undefined)
  expect(texts.sort((a, b) => Number(a) - Number(b))).toEqual(station.made.map((_, index) => String(index + 1)))
  expect(new Set(outcomes(await station.submit(station.made.slice(-20))))).toEqual(new Set(['known']))
}, 60_000)

test('[EXE-7] an entry stands with the time of the device and the difference of its clock, and one that was answered before is known', async () => {
  const station = new Station()
  await station.signIn(otto)
  const deviceAt = plant.clock.now()
  plant.clock.advanceMs(600_000)
  const entry = station.make({ deviceAt })
  const [answer] = await station.submit([entry], otto, 5_000_000)
  expect(answer).toEqual({ id: entry.id, outcome: 'recorded', code: null, message: null })
  const { rows } = await sql`
    select clock_difference_ms from execution.device_entry where id = ${entry.id}`.execute(plant.database.db)
  expect(rows).toEqual([{ clock_difference_ms: 5000 }])
  const listed = await plant.platform.run(listLogbookEntries, otto, { logbookId: book.id, limit: 5000 })
  expect(listed.entries.find(({ at }) => at === deviceAt)).toMatchObject({ recordedAt: plant.clock.now() })
  // Asked once with a connection, whose answer got lost, and queued then.
  const next = station.make()
  const before = (await written()).length
  const input = next.input as never
  await plant.platform.run(writeLogbook, otto, input, { idempotencyKey: next.id })
  expect(outcomes(await station.submit([next]))).toEqual(['recorded'])
  expect((await written()).length).toBe(before + 1)
})

test('[EXE-7!, A11-16!] a gap, a broken chain, a changed entry and another key are refused as a whole, and nothing is written', async () => {
  const station = new Station()
  const refused = (code: string) => expect.objectContaining({ code: `execution.${code}` })
  await expect(station.submit([station.make()])).rejects.toEqual(refused('device-unknown'))
  await station.signIn(otto)
  const [first] = station.made as [QueuedEntry]
  const second = station.make()
  await expect(station.submit([second])).rejects.toEqual(refused('queue-gap'))
  await expect(station.submit([{ ...first, deviceAt: plant.clock.now() - 1 }] as never)).rejects.toEqual(
    refused('queue-broken'),
  )
  await expect(station.submit([first, { ...second, previous: 'f'.repeat(64) }])).rejects.toEqual(
    refused('queue-broken'),
  )
  const before = (await written()).length
  expect(outcomes(await station.submit([first, second]))).toEqual(['recorded', 'recorded'])
  await expect(station.submit([{ ...second, signature: first.signature }])).rejects.toEqual(refused('queue-broken'))
  // Signed by its own key, and not made after the entry before it.
  await expect(station.submit([station.make({ previous: 'f'.repeat(64) })])).rejects.toEqual(refused('queue-broken'))
  station.made.pop()
  const strange = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  await expect(station.submit([station.make({}, strange.privateKey)])).rejects.toEqual(refused('queue-broken'))
  expect((await written()).length).toBe(before + 2)
  const other = { device: station.device, publicKey: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }
  await expect(plant.platform.run(registerDeviceKey, otto, other)).rejects.toEqual(refused('device-key-invalid'))
})

test('[EXE-7!] what was made at one station is not taken from another, and kept with the reason', async () => {
  const { platform, clock } = plant
  const stations = new Map<string, string>()
  /** Badging in at a terminal binds the session to its station. */
  const badgeIn = (actor: Actor, name: string) =>
    platform.act('identity', 'test.badge-in', {}, async ({ trx, at }) => {
      const id = stations.get(name) ?? newId<'Station'>(at)
      if (!stations.has(name)) {
        await sql`
          insert into identity.station (id, name, node_id, sign_in, token_hash, state, registered_at, idle_timeout_ms)
          values (${id}, ${name}, ${plant.node('Aurora/AERO/Bench')}, '{badge}', ${Buffer.from(name)}, 'registered', ${at},
            3600000)`.execute(trx)
        stations.set(name, id)
      }
      await sql`update identity.session set station_id = ${id} where id = ${actor.sessionId}`.execute(trx)
    })
  const nina = (await plant.someone('nina', 'operator')).actor
  const station = new Station()
  await badgeIn(otto, 'Cutting 1')
  await station.signIn(otto)
  const [one, two] = [station.make(), station.make()]
  await badgeIn(nina, 'Layup 2')
  const before = (await written()).length
  const away = await station.submit([one], nina)
  expect(away).toMatchObject([
    { outcome: 'refused', code: 'execution.queue-station', message: expect.stringMatching(/Cutting 1.*Layup 2/) },
  ])
  const kept = await platform.run(listRefusedEntries, nina, { device: station.device })
  expect(kept).toMatchObject([{ id: one.id, deliveredBy: { name: 'nina' } }])
  expect(outcomes(await station.submit([two]))).toEqual(['recorded'])
  expect((await written()).length).toBe(before + 1)
  // The same browser becomes another station: what is made from then on is delivered from there.
  clock.advanceMs(1000)
  const early = clock.now()
  clock.advanceMs(1000)
  await station.signIn(nina)
  const moved = [station.make({ deviceAt: early }), station.make({ personId: nina.id as Id<'Person'> })]
  expect(outcomes(await station.submit(moved, nina))).toEqual(['refused', 'recorded'])
})

test('[EXE-7!] an entry is recorded in the name of who was signed in at the station then, else kept as refused with the reason', async () => {
  const station = new Station()
  await station.signIn(otto)
  const foreign = station.make({ personId: susi.id as Id<'Person'> })
  const broken = station.make({ input: { logbookId: book.id, template: 'none', values: {}, text: '', order: null } })
  const fine = station.make()
  const answer = await station.submit([foreign, broken, fine])
  expect(answer).toMatchObject([
    { outcome: 'refused', code: 'execution.queue-person' },
    { outcome: 'refused', code: 'execution.logbook-form-unknown' },
    { outcome: 'recorded' },
  ])
  expect(await station.submit([foreign, broken, fine])).toMatchObject([
    { outcome: 'refused' },
    { outcome: 'refused' },
    { outcome: 'known' },
  ])
  const asked = { device: station.device }
  const kept = await plant.platform.run(listRefusedEntries, otto, asked)
  expect(kept).toMatchObject([
    { id: broken.id, input: broken.input, deliveredBy: { name: 'otto' } },
    { id: foreign.id },
  ])
  expect(await plant.platform.run(listRefusedEntries, susi, asked)).toHaveLength(2)
  await station.signIn(susi)
  const hers = station.make({ personId: susi.id as Id<'Person'> })
  expect(outcomes(await station.submit([hers]))).toEqual(['recorded'])
  plant.clock.advanceMs(1000)
  await plant.platform.run(closeSession, susi, {})
  const late = station.make({ personId: susi.id as Id<'Person'> })
  expect(await station.submit([late])).toMatchObject([{ outcome: 'refused', code: 'execution.queue-person' }])
})
