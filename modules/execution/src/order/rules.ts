import type { Decimal, Instant } from '@throughline/kernel'
import { compare, DomainError, decimalOf, multiply, subtract, toIso } from '@throughline/kernel'
import type { Order, OrderHold, OrderState, WorkDefinition } from '@throughline/model'

type Tolerance = Pick<WorkDefinition, 'underPercent' | 'overPercent'>

/** What may be made of an ordered quantity, both ends included. */
export function allowedQuantity(
  quantity: Decimal,
  { underPercent, overPercent }: Tolerance,
): { low: Decimal; high: Decimal } {
  const share = (percent: number): Decimal => multiply(quantity, multiply(decimalOf(plain(percent)), decimalOf('0.01')))
  const low = subtract(quantity, share(underPercent))
  return { low, high: subtract(quantity, multiply(share(overPercent), decimalOf('-1'))) }
}

/** A percentage with at most six places: no exponent, which a decimal does not have. */
const plain = (percent: number): string => percent.toFixed(6)

/** Why an amount is outside what the order allows, in words; undefined = it is within. */
export function outsideProblem(
  order: Pick<Order, 'code' | 'quantity' | 'unit'>,
  made: Decimal,
  tolerance: Tolerance,
): string | undefined {
  const { low, high } = allowedQuantity(order.quantity, tolerance)
  if (compare(made, low) >= 0 && compare(made, high) <= 0) return undefined
  return `${order.code} made ${made} good of ${order.quantity} ${order.unit}, allowed are ${low} to ${high}`
}

/** @throws DomainError `conflict` unless the order is in one of these states */
export function assertOrderState(
  order: Pick<Order, 'code' | 'state'>,
  allowed: readonly OrderState[],
  doing: string,
): void {
  if (allowed.includes(order.state)) return
  throw new DomainError(
    'conflict',
    'execution.order-state',
    `${order.code} is ${order.state}: ${doing} needs an order that is ${allowed.join(' or ')}`,
    { state: order.state },
  )
}

/** @throws DomainError `conflict` when somebody changed the thing since it was read */
export function assertVersion(what: string, has: number, seen: number): void {
  if (has === seen) return
  throw new DomainError(
    'conflict',
    'execution.version-conflict',
    `${what} was changed meanwhile: read it again, then decide`,
    { version: has },
  )
}

/**
 * When something was decided about an order: as told, or now.
 * @throws DomainError `invalid` for the future, or before the order was made
 */
export function enteredAt(told: Instant | null, now: Instant, what: string, madeAt?: Instant): Instant {
  const at = told ?? now
  if (at <= now && (madeAt === undefined || at >= madeAt)) return at
  throw new DomainError(
    'invalid',
    'execution.order-time',
    at > now
      ? `${what}: ${toIso(at)} lies in the future: say when it was`
      : `${what} was made at ${toIso(madeAt ?? at)}, which is after ${toIso(at)}: say when it was`,
    { at },
  )
}

export const openHolds = (holds: readonly OrderHold[]): OrderHold[] => holds.filter(({ ended }) => ended === null)

/** A hold in one line: `on hold since …` is the reader's to add. */
export const holdText = ({ cause, subject, reason, by }: OrderHold): string =>
  cause === 'person' ? `held by ${by}: ${reason}` : `held because of ${cause} ${subject ?? ''}: ${reason}`

/** Holds that a lot, a deviation or equipment caused end with it, not by hand. */
export function assertEndable(code: string, hold: OrderHold | undefined, holdId: string): asserts hold is OrderHold {
  if (hold === undefined) {
    throw new DomainError('not-found', 'execution.hold-unknown', `${code} has no hold ${holdId}`, { holdId })
  }
  if (hold.ended !== null) {
    throw new DomainError(
      'conflict',
      'execution.hold-ended',
      `This hold of ${code} was ended by ${hold.ended.by} before`,
    )
  }
  if (hold.cause === 'person') return
  throw new DomainError(
    'conflict',
    'execution.hold-has-cause',
    `${code} is ${holdText(hold)}. It ends by itself once ${hold.cause} ${hold.subject ?? ''} is settled`,
    { cause: hold.cause, subject: hold.subject },
  )
}
