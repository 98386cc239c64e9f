import type { Decimal, Id, Instant } from '@throughline/kernel'
import { compare, DomainError, newId, subtract, sum, zero } from '@throughline/kernel'
import type { MaterialDefinition } from '@throughline/model'
import type { MovementLine } from '../movement/record.ts'
import { newLot } from './new-lot.ts'
import { joinClocks, turnClock } from './out-life.ts'
import type { StoredLot } from './stored-lot.ts'
import { changed } from './stored-lot.ts'

/** The lot at another place; into or out of the cold, its out-life clock rests or runs. */
export function moved(
  lot: StoredLot,
  to: {
    readonly nodeId: Id<'EquipmentNode'>
    readonly place: string
    readonly cold: boolean | undefined
    readonly at: Instant
  },
): { next: StoredLot; kind: 'move' | 'put-back' | 'take-out' } {
  const { nodeId, place, cold, at } = to
  const here = { nodeId, lastNodeId: nodeId, place }
  const clock = lot.outClock === null || cold === undefined ? undefined : turnClock(lot.outClock, cold, at)
  if (clock === undefined) return { next: changed(lot, here), kind: 'move' }
  if (lot.outClock !== null && at < lot.outClock.changedAt) throw outOfOrder(lot)
  return { next: changed(lot, { ...here, outClock: clock }), kind: cold === true ? 'put-back' : 'take-out' }
}

/** @throws DomainError `conflict` when lots are not one material in one state at one place */
export function assertAlike(lots: readonly StoredLot[]): void {
  const [first] = lots
  if (first === undefined) return
  const other = (of: (lot: StoredLot) => unknown): StoredLot | undefined => lots.find((lot) => of(lot) !== of(first))
  const differences = [
    { lot: other(({ material }) => material), say: (lot: StoredLot) => `is ${lot.material}, not ${first.material}` },
    { lot: other(({ unit }) => unit), say: (lot: StoredLot) => `is counted in ${lot.unit}, not in ${first.unit}` },
    { lot: other(({ status }) => status), say: (lot: StoredLot) => `is ${lot.status}, not ${first.status}` },
    { lot: other(({ nodeId }) => nodeId), say: () => 'lies at another place: bring it here first' },
  ]
  for (const { lot, say } of differences) {
    if (lot === undefined) continue
    throw new DomainError(
      'conflict',
      'material.lots-unlike',
      `${lot.code} cannot be put together with ${first.code}: it ${say(lot)}`,
    )
  }
}

/** Several lots as one: what is strictest of any holds for all. */
export function merged(lots: readonly StoredLot[], code: string, at: Instant, now: Instant): StoredLot {
  const [first] = lots
  if (first === undefined) throw new DomainError('defect', 'material.merge-of-nothing', 'Nothing was merged')
  const shared = <T>(of: (lot: StoredLot) => T): T | null =>
    lots.every((lot) => of(lot) === of(first)) ? of(first) : null
  const ends = lots.flatMap(({ expiresAt }) => expiresAt ?? [])
  const numbers = lots.flatMap(({ certificate }) => certificate?.number ?? [])
  const areCertified = numbers.length === lots.length
  const newest = [...lots].sort((a, b) => b.madeAt - a.madeAt)[0] ?? first
  return {
    ...first,
    id: newId<'Lot'>(now),
    code,
    definitionId: newest.definitionId,
    quantity: sum(lots.map(({ quantity }) => quantity)),
    statusReason: shared(({ statusReason }) => statusReason) ?? '',
    expiresAt: ends.length === 0 ? null : (Math.min(...ends) as Instant),
    outClock: joinClocks(
      lots.flatMap(({ outClock }) => outClock ?? []),
      at,
    ),
    supplier: shared(({ supplier }) => supplier),
    supplierLot: shared(({ supplierLot }) => supplierLot),
    certificate: areCertified
      ? {
          number: [...new Set(numbers)].join('; '),
          document: shared(({ certificate }) => certificate?.document ?? null),
        }
      : null,
    certificateNeeded: lots.some(({ certificateNeeded }) => certificateNeeded),
    containerId: null,
    openDeviations: [...new Set(lots.flatMap(({ openDeviations }) => openDeviations))].sort(),
    orderId: shared(({ orderId }) => orderId),
    madeAt: at,
    version: 1,
  }
}

/** A lot of another material made of some of this one: it expires with the earlier of both, and was out as long. */
export function transformed(
  lot: StoredLot,
  definition: MaterialDefinition,
  made: { readonly code: string; readonly quantity: Decimal; readonly at: Instant },
  now: Instant,
): StoredLot {
  const fresh = newLot(definition, { ...made, nodeId: lot.nodeId ?? lot.lastNodeId, place: lot.place }, now)
  const ends = [lot.expiresAt, fresh.expiresAt].flatMap((each) => each ?? [])
  const before = lot.outClock === null ? null : joinClocks([lot.outClock], made.at)
  return {
    ...fresh,
    expiresAt: ends.length === 0 ? null : (Math.min(...ends) as Instant),
    outClock: fresh.outClock && { ...fresh.outClock, ...(before && { usedUs: before.usedUs, since: before.since }) },
    supplier: lot.supplier,
    supplierLot: lot.supplierLot,
    certificate: lot.certificate,
    certificateNeeded: definition.needsCertificate || lot.certificateNeeded,
    openDeviations: lot.openDeviations,
  }
}

/** The lot with what was counted of it, and the difference as what was taken or added. */
export function counted(
  lot: StoredLot,
  found: Decimal,
): { next: StoredLot; lines: { from?: MovementLine[]; to?: MovementLine[] } } {
  const difference = subtract(found, lot.quantity)
  const isPiece = lot.control === 'serial'
  if (compare(found, zero) < 0 || (isPiece && found !== '0' && found !== '1')) {
    throw new DomainError(
      'invalid',
      'material.count-impossible',
      isPiece ? `${lot.code} is one piece: count 1 or 0` : `${found} cannot be counted: it must be 0 or more`,
    )
  }
  const line = (quantity: Decimal): MovementLine[] => [{ lotId: lot.id, quantity }]
  const next = changed(lot, { quantity: found })
  // What was found as it was known is told too: that somebody counted.
  if (compare(difference, zero) === 0) return { next, lines: { from: line(zero), to: line(zero) } }
  return compare(difference, zero) > 0
    ? { next, lines: { to: line(difference) } }
    : { next, lines: { from: line(subtract(zero, difference)) } }
}

const outOfOrder = ({ code }: StoredLot): DomainError =>
  new DomainError(
    'conflict',
    'material.move-out-of-order',
    `${code} was put into or taken out of the cold after that time: tell what happened in its order`,
  )
