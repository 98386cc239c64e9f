import type { Decimal, Id, Instant } from '@throughline/kernel'
import { DomainError, newId } from '@throughline/kernel'
import type { MaterialDefinition } from '@throughline/model'
import { startClock } from './out-life.ts'
import type { StoredLot } from './stored-lot.ts'

const dayUs = 86_400_000_000

/** From then on it may not be used. */
export const endOfShelfLife = (days: number, from: Instant): Instant => (from + days * dayUs) as Instant

/** What every new lot of a material begins with; `at` = when it came to be. */
export function newLot(
  definition: MaterialDefinition,
  given: {
    readonly code: string
    readonly quantity: Decimal
    readonly nodeId: Id<'EquipmentNode'>
    readonly at: Instant
  } & Partial<Pick<StoredLot, 'place' | 'orderId' | 'status' | 'statusReason'>>,
  now: Instant,
): StoredLot {
  const { shelfLifeDays, outLifeSeconds } = definition
  const { code, quantity, nodeId, at, ...more } = given
  return {
    id: newId<'Lot'>(now),
    code,
    material: definition.code,
    definitionId: definition.id,
    control: definition.control,
    quantity,
    unit: definition.unit,
    status: 'available',
    statusReason: '',
    expiresAt: shelfLifeDays === null ? null : endOfShelfLife(shelfLifeDays, at),
    outClock: outLifeSeconds === null ? null : startClock(outLifeSeconds, 0, at),
    supplier: null,
    supplierLot: null,
    certificate: null,
    certificateNeeded: false,
    nodeId,
    lastNodeId: nodeId,
    place: '',
    containerId: null,
    openDeviations: [],
    orderId: null,
    isPlanned: false,
    madeAt: at,
    version: 1,
    ...more,
  }
}

/** A part of a lot, with all of its history. */
export const partOf = (lot: StoredLot, code: string, quantity: Decimal, at: Instant, now: Instant): StoredLot => ({
  ...lot,
  id: newId<'Lot'>(now),
  code,
  quantity,
  containerId: null,
  madeAt: at,
  version: 1,
})

/** @throws DomainError `invalid` when a serial material is not counted in whole pieces, or in one */
export function assertPieces({ code, control }: MaterialDefinition, quantity: Decimal, isOne: boolean): void {
  if (control === 'lot' || (isOne ? quantity === '1' : /^[1-9]\d*$/.test(quantity))) return
  throw new DomainError(
    'invalid',
    'material.serial-quantity',
    `${code} is controlled by serial number: ${isOne ? 'each piece is a lot of 1' : `${quantity} is no number of pieces`}`,
    { quantity },
  )
}
