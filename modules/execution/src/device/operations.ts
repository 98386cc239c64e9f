import { findPastSession, stationOfSession } from '@throughline/identity'
import { DomainError } from '@throughline/kernel'
import type { QueuedEntry } from '@throughline/model'
import { listOperations, listRefusedEntries, registerDeviceKey, submitQueue, writeLogbook } from '@throughline/model'
import type { Actor, Ask, Platform } from '@throughline/platform'
import { canonicalJson } from '@throughline/platform'
import type { Plant } from '../places.ts'
import { isWithin } from '../places.ts'
import { clockToleranceUs } from '../step-entry/judge.ts'
import { assertChain, entryHash, publicKeyOf } from './chain.ts'
import { assertStation } from './rules.ts'
import type { DeviceKey, Outcome, StationOfDevice } from './store.ts'
import {
  chainEndOf,
  findOutcomes,
  insertDelivered,
  insertDevicePerson,
  insertKey,
  insertStationOf,
  listKeys,
  listRefused,
  listSessionsAt,
  listStationsOf,
  lockDevice,
  placeOf,
} from './store.ts'

/** Mounts what stations deliver that they made without a connection. */
export function registerDevice(platform: Platform, plant: Plant): void {
  platform.handle(registerDeviceKey, async (uow, { device, publicKey }) => {
    const key = publicKeyOf(publicKey)
    const { id, sessionId } = uow.actor
    if (sessionId === null) throw sessionMissing()
    await lockDevice(uow.trx, device)
    const [current] = await listKeys(uow.trx, device)
    if (current === undefined || canonicalJson(current.publicKey) !== canonicalJson(key)) {
      await insertKey(uow.trx, device, key, uow.actor.name, uow.at)
    }
    const here = await stationOfSession(uow.trx, sessionId)
    const [before] = (await listStationsOf(uow.trx, device)).slice(-1)
    if (here !== undefined && before?.stationId !== here.id) {
      await insertStationOf(uow.trx, device, { stationId: here.id, station: here.name, since: uow.at })
    }
    await insertDevicePerson(uow.trx, { device, personId: id, sessionId, since: uow.at })
    return { device }
  })

  platform.handlePrepared(
    submitQueue,
    // Each entry is an operation of its own, with its own transaction: recorded once by its key, whatever happens to the answer.
    async (ask, { device, entries }) => {
      const known = await findOutcomes(
        platform.db,
        entries.map(({ id }) => id),
      )
      const keys = await listKeys(platform.db, device)
      if (keys.length === 0) throw deviceUnknown(device)
      for (const entry of entries) assertSame(entry, device, known.get(entry.id))
      const fresh = assertChain(entries, await chainEndOf(platform.db, device), (entry) => keysAt(keys, entry))
      const done: { entry: QueuedEntry; outcome: Outcome }[] = []
      const { sessionId } = ask.actor
      const place = {
        stations: await listStationsOf(platform.db, device),
        here: sessionId === null ? undefined : await stationOfSession(platform.db, sessionId),
      }
      for (const entry of fresh) done.push({ entry, outcome: await perform(platform, ask, device, entry, place) })
      return { known, done }
    },
    async (uow, { device, deviceNow, entries }, { known, done }) => {
      await lockDevice(uow.trx, device)
      const by = { id: uow.actor.id, name: uow.actor.name }
      const delivery = { device, by, at: uow.at, clockDifferenceMs: (deviceNow - uow.at) / 1000 }
      for (const { entry, outcome } of done) {
        await insertDelivered(uow.trx, delivery, entry, entryHash(entry), outcome)
      }
      return entries.map(({ id }) => {
        const now = done.find(({ entry }) => entry.id === id)?.outcome
        const { outcome, code, message } = now ?? (known.get(id) as Outcome)
        return { id, code, message, outcome: now === undefined && outcome === 'recorded' ? 'known' : outcome }
      })
    },
  )

  platform.handle(listRefusedEntries, async (uow, asked) => {
    const { id } = uow.actor
    return (await listRefused(uow.trx, asked))
      .filter(
        ({ nodeId, personId, deliveredBy }) =>
          personId === id ||
          deliveredBy.id === id ||
          uow.scopes === null ||
          (nodeId !== null && isWithin(plant, nodeId, uow.scopes)),
      )
      .map(({ nodeId: _, ...entry }) => entry)
  })
}

/** Where a device was, and the station that it is delivered from; undefined = a session without one. */
interface DeliveredFrom {
  readonly stations: readonly StationOfDevice[]
  readonly here: Awaited<ReturnType<typeof stationOfSession>>
}

const recorded = { outcome: 'recorded', code: null, message: null } as const

/** Runs one entry through the door as the person who made it. */
async function perform(
  platform: Platform,
  ask: Ask,
  device: string,
  entry: QueuedEntry,
  { stations, here }: DeliveredFrom,
): Promise<Outcome> {
  const { id, operation, input, deviceAt } = entry
  const nodeId = await placeOf(platform.db, input)
  try {
    assertStation(stations, deviceAt, here)
    const actor = await makerOf(platform, ask, device, entry)
    // A clock may be a little ahead; what is further ahead, the operation refuses.
    const now = platform.clock.now()
    const at = deviceAt > now && deviceAt <= now + clockToleranceUs ? now : deviceAt
    const told = {
      ...(tellsTime(operation) ? { ...input, at } : input),
      ...(operation === writeLogbook.name ? { reason: 'made without a connection' } : {}),
    }
    const answer = await platform.runByName(operation, actor, told, { idempotencyKey: id })
    const made = operation === 'execution.step.record' ? (answer as { id: string }).id : null
    return { ...recorded, made, nodeId }
  } catch (error) {
    // What may go well the next time is delivered again; what is wrong stays wrong, and is kept.
    if (!(error instanceof DomainError) || error.kind === 'unavailable' || error.kind === 'defect') throw error
    // The answer to the first request got lost: it was recorded then, under this very key.
    if (error.code === 'platform.idempotency-key-reused') return { ...recorded, made: null, nodeId }
    return { outcome: 'refused', code: error.code, message: error.message, made: null, nodeId }
  }
}

/** @throws DomainError `forbidden` unless the maker delivers it, or worked at this device when it was made */
async function makerOf(
  platform: Platform,
  { actor }: Ask,
  device: string,
  { personId, deviceAt }: QueuedEntry,
): Promise<Actor> {
  if (personId === actor.id) return actor
  for (const sessionId of await listSessionsAt(platform.db, device, personId)) {
    const past = await findPastSession(platform.db, sessionId, actor.origin)
    if (past !== undefined && past.from <= deviceAt && deviceAt < past.to) return past.actor
  }
  throw new DomainError(
    'forbidden',
    'execution.queue-person',
    'Whoever made this entry was not signed in at this station at that time, or may not work here any more',
    { personId },
  )
}

/** Keys that were in use when an entry was made. */
const keysAt = (keys: readonly DeviceKey[], { deviceAt }: QueuedEntry) =>
  keys.filter(({ replacedAt }) => replacedAt === null || deviceAt < replacedAt).map(({ publicKey }) => publicKey)

/** Whether an operation takes the time at which something happened. */
function tellsTime(name: string): boolean {
  const input = listOperations().find((operation) => operation.name === name)?.input
  return input !== undefined && 'shape' in input && Object.hasOwn(input.shape as object, 'at')
}

/** One id is one entry of one device. */
function assertSame(entry: QueuedEntry, device: string, known: { device: string; hash: string } | undefined): void {
  if (known === undefined || (known.device === device && known.hash === entryHash(entry))) return
  throw new DomainError(
    'forbidden',
    'execution.queue-broken',
    `Entry ${entry.sequence} was delivered before with another content: nothing of this delivery is taken`,
    { sequence: entry.sequence },
  )
}

const deviceUnknown = (device: string): DomainError =>
  new DomainError(
    'not-found',
    'execution.device-unknown',
    `No key of the device ${device} is registered: sign in there`,
    {
      device,
    },
  )

const sessionMissing = (): DomainError =>
  new DomainError('forbidden', 'execution.device-person', 'A device is registered by a person who is signed in there')
