import type { Instant } from '@throughline/kernel'
import type { Gate, Order, OrderHold, RunState } from '@throughline/model'

export const orderStateWords: Readonly<Record<Order['state'], string>> = {
  created: 'Created',
  released: 'Released',
  running: 'Running',
  completed: 'Completed',
  closed: 'Closed',
  cancelled: 'Cancelled',
}

export const runStateWords: Readonly<Record<RunState, string>> = {
  waiting: 'Waiting',
  ready: 'Ready',
  running: 'Running',
  paused: 'Paused',
  completed: 'Completed',
  skipped: 'Skipped',
}

export const holdCauseWords: Readonly<Record<OrderHold['cause'], string>> = {
  person: 'A person',
  material: 'Material',
  deviation: 'Deviation',
  equipment: 'Equipment',
}

/** States in which an order still has something to be done about it. */
export const openStates: readonly Order['state'][] = ['created', 'released', 'running', 'completed']

export const openHoldsOf = (order: Pick<Order, 'holds'>): OrderHold[] =>
  order.holds.filter(({ ended }) => ended === null)

/** Whether it should have been completed by now. */
export const isLate = (order: Pick<Order, 'state' | 'dueAt'>, now: Instant): boolean =>
  order.dueAt !== null && order.dueAt < now && ['created', 'released', 'running'].includes(order.state)

/** The gates that somebody has to do something about. */
export const closedGates = (gates: readonly Gate[]): Gate[] => gates.filter(({ open }) => !open)

/** What one may type as order list says of itself: `3 orders to do, 1 running, 1 held, 1 late`. */
export function listAnswer(orders: readonly Order[], total: number, now: Instant): string {
  const count = (number: number, word: string): string[] => (number === 0 ? [] : [`${number} ${word}`])
  return [
    `${total} ${total === 1 ? 'order' : 'orders'}`,
    ...count(orders.filter(({ state }) => state === 'running').length, 'running'),
    ...count(orders.filter((order) => openHoldsOf(order).length > 0).length, 'held'),
    ...count(orders.filter((order) => isLate(order, now)).length, 'late'),
  ].join(', ')
}

/** Runs of one operation whose gates say the same, told once. */
export interface NextOperation {
  readonly sequence: number
  readonly name: string
  readonly runIds: readonly string[]
  readonly gates: readonly Gate[]
}

/** What an order goes on with: pieces that stand before the same gates are one line. */
export function nextOperations(
  ready: readonly {
    readonly runId: string
    readonly sequence: number
    readonly name: string
    readonly gates: Gate[]
  }[],
): NextOperation[] {
  const told = new Map<string, NextOperation>()
  for (const { runId, sequence, name, gates } of ready) {
    const key = JSON.stringify([sequence, gates.map(({ open, message }) => [open, message])])
    const before = told.get(key)
    told.set(key, { sequence, name, gates, runIds: [...(before?.runIds ?? []), runId] })
  }
  return [...told.values()]
}
