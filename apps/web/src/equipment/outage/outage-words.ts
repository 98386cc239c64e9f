import type { Order, OrderHold, Outage } from '@throughline/model'

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

/** A gauge whose readings are in doubt, with the deviation about it and the orders that it holds. */
export interface DoubtedGauge<O> {
  readonly code: string
  readonly deviation: string
  readonly orders: readonly O[]
}

/** Of some orders the gauges that hold them, by code. */
export function doubtedGauges<O extends Held>(orders: readonly O[]): DoubtedGauge<O>[] {
  const found = new Map<string, DoubtedGauge<O>>()
  for (const order of orders) {
    for (const { ended, cause, subject } of order.holds) {
      if (ended !== null || cause !== 'equipment' || subject === null) continue
      const read = equipmentSubject(subject)
      if (read.kind === 'equipment') continue
      const known = found.get(subject)?.orders ?? []
      found.set(subject, { code: read.code, deviation: read.deviation, orders: [...known, order] })
    }
  }
  return [...found.values()].sort((a, b) => a.code.localeCompare(b.code))
}

/** The outage that a node is in: its own, or of what it belongs to, the nearest first. */
export function outageOver(outages: readonly Outage[], pathTo: readonly { readonly id: string }[]): Outage | undefined {
  for (const { id } of pathTo.toReversed()) {
    const own = outages.find(({ nodeId, ended }) => nodeId === id && ended === null)
    if (own !== undefined) return own
  }
  return undefined
}
