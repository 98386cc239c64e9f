import type { Instant } from '@throughline/kernel'
import { compare, DomainError, zero } from '@throughline/kernel'
import type { Container } from '@throughline/model'
import { assertIssuable } from '../lot/issue.ts'
import { assertHere, assertNoDeviation } from '../lot/rules.ts'
import type { StoredLot } from '../lot/stored-lot.ts'
import { lotAt } from '../lot/stored-lot.ts'
import { checkDigit } from '../scan/gs1.ts'
import type { StoredContainer } from './stored-container.ts'

type State = Container['state']

/** Where each state leads; what is shipped or emptied has no way back. */
const ways: Readonly<Record<State, readonly State[]>> = {
  open: ['closed', 'emptied'],
  closed: ['open', 'shipped'],
  shipped: [],
  emptied: [],
}

/** @throws DomainError `conflict` */
export function assertWay({ sscc, state }: StoredContainer, next: State): void {
  if (ways[state].includes(next)) return
  const from = ways[state].length === 0 ? 'that has no way back' : `it can be ${ways[state].join(' or ')} next`
  throw new DomainError('conflict', 'material.container-state', `Container ${sscc} is ${state}: ${from}`, { state })
}

/** @throws DomainError `conflict` unless things can be put in and taken out */
export function assertOpen({ sscc, state }: StoredContainer): void {
  if (state === 'open') return
  const todo = state === 'closed' ? 'open it first' : 'take another one'
  throw new DomainError('conflict', 'material.container-not-open', `Container ${sscc} is ${state}: ${todo}`, { state })
}

/** @throws DomainError `conflict` for a lot that is gone, or in another container */
export function assertPackable(lot: StoredLot, container: StoredContainer): void {
  // What is rejected is packed too, to be kept apart; it is only not shipped.
  assertHere(lot, 'packed')
  if (compare(lot.quantity, zero) <= 0) {
    throw new DomainError(
      'conflict',
      'material.lot-too-little',
      `Nothing is left of ${lot.code}: there is nothing to pack`,
    )
  }
  if (lot.containerId === null) return
  throw new DomainError(
    'conflict',
    'material.lot-packed',
    lot.containerId === container.id
      ? `${lot.code} is in ${container.sscc} already`
      : `${lot.code} is in another container: take it out of there first`,
    { containerId: lot.containerId },
  )
}

/** @throws DomainError `conflict` for what is not in the container */
export function assertInside(name: string, where: string | null, container: StoredContainer): void {
  if (where === container.id) return
  throw new DomainError('conflict', 'material.not-in-container', `${name} is not in container ${container.sscc}`)
}

/**
 * Whether a container may go into another one.
 *
 * @param above the other one and all that it stands in
 * @throws DomainError `conflict`
 */
export function assertStackable(child: StoredContainer, into: StoredContainer, above: readonly string[]): void {
  const refuse = (code: string, message: string): never => {
    throw new DomainError('conflict', code, message)
  }
  if (above.includes(child.id)) {
    refuse('material.container-circle', `Container ${into.sscc} stands in ${child.sscc}: that cannot go into it`)
  }
  if (child.parentId !== null) {
    refuse('material.container-packed', `Container ${child.sscc} stands in another one: take it out of there first`)
  }
  if (child.state !== 'open' && child.state !== 'closed') {
    refuse('material.container-state', `Container ${child.sscc} is ${child.state}: it cannot go into another one`)
  }
}

/** @throws DomainError `conflict` naming what forbids to close or ship a container with these lots */
export function assertReady(lots: readonly StoredLot[], next: 'closed' | 'shipped', at: Instant): void {
  for (const lot of lots) {
    assertNoDeviation(lot, next === 'shipped' ? 'shipped' : 'closed in')
    if (next === 'shipped') assertIssuable(lotAt(lot, at), at, 'shipped')
  }
}

/**
 * GS1 Serial Shipping Container Code: extension digit, company prefix, serial number, check digit; 18 digits.
 *
 * @throws DomainError `conflict` when the prefix has no numbers left
 */
export function ssccOf(prefix: string, serial: number): string {
  const room = 16 - prefix.length
  if (serial >= 10 ** room) {
    throw new DomainError('conflict', 'material.sscc-used-up', `The GS1 company prefix ${prefix} has no numbers left`)
  }
  const digits = `0${prefix}${String(serial).padStart(room, '0')}`
  return `${digits}${checkDigit(digits)}`
}

/** @throws DomainError `invalid` for what is no GS1 company prefix */
export function assertPrefix(prefix: string): void {
  if (/^\d{4,12}$/.test(prefix)) return
  throw new DomainError(
    'invalid',
    'material.company-prefix-invalid',
    `"${prefix}" is no GS1 company prefix: 4 to 12 digits`,
  )
}
