import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { StateInterval, StateRule } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { reasonOfCode } from '../reason/rules.ts'
import { listReasons } from '../reason/store.ts'
import { matchPieces, overlapOf } from './match.ts'
import type { Piece } from './pieces.ts'
import { piecesOf } from './pieces.ts'
import { insertStops, listCommented, listStoredStops, lockMachine, updateStops } from './store.ts'
import type { StoredStop } from './stored-stop.ts'

/** What the machine's reason tag said from an instant on; null = nothing that can be read. */
export interface ReasonCode {
  readonly at: Instant
  readonly code: string | null
}

/** The states of one machine as they are now, for the stops to follow. */
export interface StateChange {
  readonly nodeId: Id<'EquipmentNode'>
  /** The machine and all above it, nearest first: whose reasons are its own. */
  readonly nodePath: readonly Id<'EquipmentNode'>[]
  /** From here on the states are told anew; before it they are what they were. */
  readonly from: Instant
  /** All that end after `from`, oldest first, with their whole length: not cut there. */
  readonly intervals: readonly (Pick<StateInterval, 'from' | 'to' | 'state' | 'label'> & {
    /** The machine of the line whose stop caused this one. */
    readonly causedBy?: Id<'EquipmentNode'> | null
  })[]
  readonly rule: Pick<StateRule, 'minorStopSeconds'>
  /** Oldest first, beginning with the one that held when the first interval began; empty = there is no reason tag. */
  readonly codes: readonly ReasonCode[]
  /** What the machine was busy with, for the orders of its stops. */
  readonly runs: readonly {
    readonly order: string | null
    readonly product: string | null
    readonly from: Instant
    readonly to: Instant | null
  }[]
}

/** A stop that stands after the states were told anew. */
export interface FollowedStop {
  readonly id: Id<'Stop'>
  readonly from: Instant
  readonly to: Instant | null
}

/**
 * Brings the stops of one machine in line with its states, in the caller's unit of work, and answers those that overlap
 * the time that was told anew, oldest first. A stop of which people said something goes on where it overlaps most; one
 * that is no more is marked as replaced. Telling the same twice changes nothing. Writes three statements at most, however
 * long the time: call it with a batch of states. Emits nothing: the caller tells that the states changed.
 *
 * Whoever changes several machines in one transaction calls in the order of their ids, or two could wait for each other.
 */
export async function followStops(uow: UnitOfWork, change: StateChange): Promise<readonly FollowedStop[]> {
  const { nodeId, intervals } = change
  await lockMachine(uow.trx, nodeId)
  const from = Math.min(change.from, intervals[0]?.from ?? change.from) as Instant
  const stops = await listStoredStops(uow.trx, nodeId, from, forEver)
  // What stood before that time is not told again, and still stood: such a stop ends there, or goes on where it was joined.
  const before = stops.filter((stop) => stop.from < from).map((stop) => ({ ...stop, to: from }))
  const codes = [...change.codes, ...before.map((stop) => ({ at: stop.from, code: stop.machineCode }))]
  const inTime = codes.sort((a, b) => a.at - b.at)
  const pieces = piecesOf([...before, ...intervals], inTime, stops)
  if (stops.length === 0 && pieces.length === 0) return []
  const commented = await listCommented(
    uow.trx,
    stops.map((stop) => stop.id),
  )
  const isTold = (stop: StoredStop): boolean =>
    stop.version > 1 || stop.reasonBy === 'person' || stop.cutFrom || stop.joined || commented.has(stop.id)
  const { kept, vanished, added } = matchPieces(stops, pieces, isTold, uow.at)
  const reasonFor = await machineReasons(uow, change.nodePath, pieces)
  const gone = vanished.map((stop) => ({ ...stop, replacedAt: uow.at }))
  const heirs = gone.filter(isTold)
  const follow = (stop: StoredStop, piece: Piece): StoredStop =>
    followed(stop, piece, change, { from, reasonId: reasonFor(piece.machineCode), heirs, at: uow.at })
  const changed = kept.flatMap(({ stop, piece }) => {
    const next = follow(stop, piece)
    return isSame(stop, next) ? [] : [next]
  })
  const fresh = added.map((piece) => follow(unborn(nodeId, piece), piece))
  await updateStops(uow.trx, [...gone, ...changed])
  await insertStops(uow.trx, fresh)
  return [...kept.map(({ stop, piece }) => ({ id: stop.id, from: piece.from, to: piece.to })), ...fresh]
    .map(({ id, from, to }) => ({ id, from, to }))
    .sort((a, b) => a.from - b.from)
}

const forEver = Number.MAX_SAFE_INTEGER as Instant

interface Surroundings {
  readonly from: Instant
  readonly reasonId: Id<'Reason'> | null
  /** Stops that vanished and of which people had said something: whoever stands in their time inherits it. */
  readonly heirs: readonly StoredStop[]
  readonly at: Instant
}

function followed(
  stop: StoredStop,
  piece: Piece,
  change: StateChange,
  { from, reasonId, heirs, at }: Surroundings,
): StoredStop {
  const run = change.runs.findLast((each) => each.from <= piece.from && (each.to ?? forEver) > piece.from)
  const inherited = heirs.filter((each) => overlapOf(each, piece, at) > 0).map((each) => each.id)
  // A reason stays where it was given: also when it is retired, or no longer knows the code.
  const isGiven = stop.reasonId !== null && stop.machineCode === piece.machineCode
  const given = reasonId === null ? null : 'machine'
  const isOlder = piece.from < from && piece.from === stop.from
  return {
    ...stop,
    ...piece,
    minorBelowUs: Math.round(change.rule.minorStopSeconds * 1e6),
    ...(stop.reasonBy === 'person' || isGiven ? {} : { reasonId, reasonBy: given }),
    ...(isOlder ? {} : { order: run?.order ?? null, product: run?.product ?? null }),
    cameFrom: [...new Set([...stop.cameFrom, ...inherited])],
  }
}

const unborn = (nodeId: Id<'EquipmentNode'>, piece: Piece): StoredStop => ({
  ...piece,
  // Of its own time, not of now: ids of a back-filled month then sort as the month went.
  id: newId<'Stop'>(piece.from),
  nodeId,
  minorBelowUs: 0,
  reasonId: null,
  reasonBy: null,
  order: null,
  product: null,
  version: 1,
  changedBy: null,
  changedAt: null,
  cameFrom: [],
  replacedAt: null,
})

const isSame = (a: StoredStop, b: StoredStop): boolean =>
  (Object.keys(b) as (keyof StoredStop)[]).every((key) =>
    key === 'cameFrom' ? a.cameFrom.join() === b.cameFrom.join() : a[key] === b[key],
  )

/** What the machine's codes mean at its place. Asks for the reasons only where a code was spoken. */
async function machineReasons(
  uow: UnitOfWork,
  path: readonly Id<'EquipmentNode'>[],
  pieces: readonly Piece[],
): Promise<(code: string | null) => Id<'Reason'> | null> {
  if (pieces.every((piece) => piece.machineCode === null)) return () => null
  const reasons = await listReasons(uow.trx)
  return (code) => (code === null ? null : (reasonOfCode(reasons, path, code)?.id ?? null))
}
