import type { Id, Instant } from '@throughline/kernel'
import { DomainError, newId, zero } from '@throughline/kernel'
import { effectiveDefinition } from '@throughline/material'
import type { Order } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { insertOrders, listTakenCodes, takeOrderNumbers } from './store.ts'

/** What somebody orders. */
export type OrderContent = Pick<Order, 'product' | 'quantity' | 'siteId' | 'priority' | 'dueAt' | 'reference'> & {
  readonly code: string | null
}

/** Why a product cannot be ordered so, in words; or the unit that it is counted in. */
export async function orderable(
  uow: UnitOfWork,
  { product, quantity }: Pick<OrderContent, 'product' | 'quantity'>,
): Promise<{ readonly problem: string } | { readonly product: string; readonly unit: string }> {
  const definition = await effectiveDefinition(uow, product)
  if (definition === undefined) {
    return { problem: `there is no effective material ${product}: release it, or correct the code` }
  }
  if (definition.control === 'serial' && !/^\d+$/.test(quantity)) {
    return { problem: `${definition.code} is made in whole pieces: ${quantity} is no number of them` }
  }
  return { product: definition.code, unit: definition.unit }
}

/** Puts orders down; those without a code get the next numbers of the plant. */
export async function createOrders(
  uow: UnitOfWork,
  contents: readonly (OrderContent & { readonly unit: string })[],
  prefix: string,
  at: Instant = uow.at,
): Promise<Order[]> {
  const codes = await giveCodes(
    uow,
    contents.map(({ code }) => code),
    prefix,
  )
  const orders = contents.map(
    (content, index): Order => ({
      ...content,
      id: newId<'Order'>(uow.at),
      code: codes[index] ?? '',
      state: 'created',
      workDefinitionId: null,
      bomId: null,
      instructions: {},
      subjects: [],
      good: zero,
      scrap: zero,
      holds: [],
      splitFrom: null,
      createdAt: at,
      createdBy: uow.actor.name,
      releasedAt: null,
      startedAt: null,
      completedAt: null,
      version: 1,
    }),
  )
  await insertOrders(uow.trx, orders)
  return orders
}

/** A number that somebody gave by hand is passed over. */
export async function giveCodes(uow: UnitOfWork, asked: readonly (string | null)[], prefix: string): Promise<string[]> {
  const given = asked.flatMap((code) => code ?? [])
  const taken = await listTakenCodes(uow.trx, given)
  const twice = given.find((code) => taken.has(code.toLowerCase()))
  if (twice !== undefined) throw codeTaken(twice)
  const fresh: string[] = []
  const missing = asked.length - given.length
  while (fresh.length < missing) {
    const numbers = await takeOrderNumbers(uow.trx, missing - fresh.length)
    const next = numbers.map((number) => `${prefix}${String(number).padStart(5, '0')}`)
    const known = await listTakenCodes(uow.trx, next)
    const beside = new Set(given.map((code) => code.toLowerCase()))
    fresh.push(...next.filter((code) => !known.has(code.toLowerCase()) && !beside.has(code.toLowerCase())))
  }
  return asked.map((code) => code ?? fresh.shift() ?? '')
}

const codeTaken = (code: string): DomainError =>
  new DomainError('conflict', 'execution.order-code-taken', `There is an order ${code} already: take another number`, {
    code,
  })

/** @throws DomainError `invalid` unless the node is a site of the plant */
export function assertSite(siteId: Id<'EquipmentNode'>, level: string | undefined): void {
  if (level === 'site') return
  throw new DomainError(
    'invalid',
    'execution.order-site-wrong',
    `Orders are made at a site, and ${siteId} is ${level === undefined ? 'no equipment of this plant' : `a ${level}`}`,
    { siteId },
  )
}
