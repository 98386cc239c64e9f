import type { Decimal } from '@throughline/kernel'
import { add, compare, DomainError, subtract, zero } from '@throughline/kernel'
import type { Asset, Weighing } from '@throughline/model'

/** What the scale showed, and what was wanted. */
export type Reading = Pick<Weighing, 'target' | 'below' | 'above' | 'tare' | 'gross' | 'unit'>

/**
 * What was weighed, without its vessel: exactly gross less tare.
 *
 * @throws DomainError `invalid` for what no scale shows, `conflict` outside the tolerance
 */
export function netOf({ target, below, above, tare, gross, unit }: Reading): Decimal {
  const negative = Object.entries({ tare, below, above }).find(([, value]) => compare(value, zero) < 0)
  if (negative !== undefined) {
    throw wrong(negative[0], `${negative[0]} is ${negative[1]}: it cannot be below 0`)
  }
  const net = subtract(gross, tare)
  if (compare(net, zero) <= 0) throw wrong('gross', `Gross ${gross} is not above the tare ${tare}: nothing was weighed`)
  const [least, most] = [subtract(target, below), add(target, above)]
  if (compare(net, least) >= 0 && compare(net, most) <= 0) return net
  throw new DomainError(
    'conflict',
    'material.weighing-out-of-tolerance',
    `${net} ${unit} net is outside ${least} to ${most} ${unit}: correct the amount and weigh again`,
    { net, least, most },
  )
}

/** @throws DomainError `conflict` for what is no scale */
export function assertScale({ code, kind }: Pick<Asset, 'code' | 'kind'>): void {
  if (kind === 'scale') return
  throw new DomainError('conflict', 'material.no-scale', `${code} is a ${kind}: scan the scale`, { kind })
}

/** @throws DomainError `forbidden` for the first person, `conflict` when it counts already */
export function assertSecondPerson(
  weighing: { readonly weighedById: string; readonly confirmedBy: string | null },
  personId: string,
): void {
  if (weighing.confirmedBy !== null) {
    throw new DomainError('conflict', 'material.weighing-confirmed', `${weighing.confirmedBy} confirmed this already`)
  }
  if (weighing.weighedById !== personId) return
  throw new DomainError(
    'forbidden',
    'material.second-person-needed',
    'Who weighed cannot confirm: a second person looks at the scale and confirms',
  )
}

const wrong = (path: string, message: string): DomainError =>
  new DomainError('invalid', 'material.weighing-invalid', message, { fields: [{ path, message }] })
