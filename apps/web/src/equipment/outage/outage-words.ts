import type { Deviation, Order, OrderHold, Outage } from '@throughline/model'

type Held = Pick<Order, 'holds'>

const isOpenFor = (hold: OrderHold, isSubject: (subject: string) => boolean): boolean =>
  hold.ended === null && hold.cause === 'equipment' && hold.subject !== null && isSubject(hold.subject)

/** Of some orders those that are held because the equipment at a path is out of service. */
export const heldByOutage = <O extends Held>(orders: readonly O[], path: string): O[] =>
  orders.filter(({ holds }) => holds.some((hold) => isOpenFor(hold, (subject) => subject === path)))

/** What a hold because of equipment names: a path, or a gauge with the deviation about it. */
export type EquipmentSubject =
  | { readonly kind: 'equipment'; readonly path: string }
  | { readonly kind: 'gauge'; readonly code: string; readonly deviation: string }

/** Reads it out of `aurora/aero/…` or `CAL-01, DEV-00007`. */
export function equipmentSubject(subject: string): EquipmentSubject {
  const [code, deviation] = subject.split(', ')
  return code === undefined || deviation === undefined
    ? { kind: 'equipment', path: subject }
    : { kind: 'gauge', code, deviation }
}

type Doubt = Pick<Deviation, 'code' | 'cause' | 'lots'>

/** A gauge whose readings are in doubt, until the deviation about it is closed. */
export interface DoubtedGauge<O> {
  readonly assetId: string
  readonly deviation: string
  /** Pieces and lots that were measured or worked on with it. */
  readonly lots: Doubt['lots']
  /** Those that it holds. */
  readonly orders: readonly O[]
}

/** Of the open deviations those that a calibration opened, with the orders that each holds. */
export const doubtedGauges = <O extends Held>(deviations: readonly Doubt[], orders: readonly O[]): DoubtedGauge<O>[] =>
  deviations
    .filter(({ cause }) => cause.kind === 'calibration')
    .map(({ code, cause, lots }) => ({
      assetId: cause.ref.split(' ')[0] ?? '',
      deviation: code,
      lots,
      orders: orders.filter(({ holds }) => holds.some((hold) => isOpenFor(hold, (subject) => namesOf(subject, code)))),
    }))

function namesOf(subject: string, deviation: string): boolean {
  const read = equipmentSubject(subject)
  return read.kind === 'gauge' && read.deviation === deviation
}

/** The outage that a node is in: its own, or of what it belongs to, the nearest first. */
export function outageOver(outages: readonly Outage[], pathTo: readonly { readonly id: string }[]): Outage | undefined {
  for (const { id } of pathTo.toReversed()) {
    const own = outages.find(({ nodeId, ended }) => nodeId === id && ended === null)
    if (own !== undefined) return own
  }
  return undefined
}
