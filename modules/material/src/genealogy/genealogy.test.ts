import type { Id } from '@throughline/kernel'
import { decimalOf, newId } from '@throughline/kernel'
import type { DomainEvents, Lot } from '@throughline/model'
import { getLot, listMovements, mergeLots, reconcileMaterial, setLotStatus, splitLot } from '@throughline/model'
import { listWatchedTables, reconcile } from '@throughline/platform'
import { drawsFrom } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import {
  consume,
  giveToOrder,
  produce,
  produceLess,
  produceMore,
  returnConsumed,
  scrapLot,
  splitLot as splitOffFor,
  startShelfLife,
} from '../lot/face.ts'
import { startMaterial } from '../testing/start-material.ts'
import { ancestorsOf, descendantsOf } from './face.ts'

const plant = await startMaterial()
const { platform, system, receive, act, work, content } = plant
afterAll(() => plant.stop())

const [, , brk] = await plant.adopt([
  content('RESIN'),
  content('GEL'),
  content('BRK', { kind: 'product', unit: '1', control: 'serial' }),
])
const [mix] = await plant.adopt([content('MIX', { kind: 'intermediate' })])
if (brk === undefined || mix === undefined) throw new Error('there is nothing to make')
const reason = 'as the test wants it'
const make = (definitionId: typeof brk.id, quantity: number, orderId: Id<'Order'> | null = null) =>
  act(async (uow) => {
    const planned = await produce(uow, { ...work(), orderId, definitionId, quantity: decimalOf(quantity) })
    return startShelfLife(uow, { lotIds: planned.map(({ id }) => id), at: uow.at })
  })
const into = (
  lot: Pick<Lot, 'id'>,
  quantity: string,
  lots: readonly Pick<Lot, 'id'>[],
  orderId: Id<'Order'> | null = null,
) =>
  act((uow) =>
    consume(uow, { ...work(), orderId, lotId: lot.id, quantity: decimalOf(quantity), into: lots.map(({ id }) => id) }),
  )
const one = async <T>(many: Promise<readonly T[]>): Promise<T> => {
  const [first] = await many
  if (first === undefined) throw new Error('nothing was made')
  return first
}
const again = (lot: Pick<Lot, 'id'>) => platform.run(getLot, system, { lotId: lot.id })

test('[AS-8.5.2-1] what a lot went into is known at any depth, through splitting, merging, mixing and building in, and backwards', async () => {
  const [a, b] = [await receive('RESIN', '10'), await receive('RESIN', '10')]
  const parts = await platform.run(splitLot, system, { lotId: a.id, parts: [{ quantity: decimalOf(4) }] })
  const part = parts.parts[0] as Lot
  const merged = await platform.run(mergeLots, system, { lotIds: [part.id, b.id], reason })
  const batch = await one(make(mix.id, 5))
  await into(merged, '3', [batch])
  const [sub, whole, other] = await make(brk.id, 3)
  if (sub === undefined || whole === undefined || other === undefined) throw new Error('nothing was made')
  await into(batch, '1', [sub, other])
  await into(sub, '1', [whole])
  const down = await act((uow) => descendantsOf(uow, [a.id]))
  expect(new Set(down)).toEqual(new Set([part, merged, batch, sub, whole, other].map(({ id }) => id)))
  const up = await act((uow) => ancestorsOf(uow, [whole.id]))
  expect(new Set(up)).toEqual(new Set([a, part, b, merged, batch, sub].map(({ id }) => id)))
  await expect(into(whole, '1', [batch])).rejects.toMatchObject({ code: 'material.lot-circle' })
  await expect(into(whole, '1', [whole])).rejects.toMatchObject({ code: 'material.lot-circle' })
})

test('[AS-8.5.2-1!] a lot that is quarantined says at once what of it is still in the plant, whoever works with it', async () => {
  const told: DomainEvents['material.lot-status-changed'][] = []
  platform.on('material.lot-status-changed', 'test.hearing', async (_uow, event) => {
    told.push(event)
  })
  const raw = await receive('RESIN', '1000')
  const batches = await Promise.all([make(mix.id, 100), make(mix.id, 100)])
  const pieces: Lot[] = []
  for (const [batch] of batches) {
    if (batch === undefined) throw new Error('nothing was made')
    await into(raw, '10', [batch])
    const made = await make(brk.id, 40)
    await into(batch, '90', made)
    pieces.push(...made)
  }
  const [first, gone] = pieces
  if (first === undefined || gone === undefined) throw new Error('nothing was made')
  await into(first, '1', [gone])
  const lot = await again(raw)
  const { descendants } = await platform.run(setLotStatus, system, {
    ...{ lotId: raw.id, version: lot.version, status: 'quarantine', reason: 'supplier recall' },
  })
  // Both batches and every piece but the one that was built into another.
  expect(descendants).toHaveLength(81)
  expect(descendants).not.toContain(first.id)
  await platform.idle()
  expect(told.at(-1)).toMatchObject({ code: raw.code, status: 'quarantine', reason: 'supplier recall' })
  expect(told.at(-1)?.descendants).toHaveLength(81)
})

test('[AS-8.7-1] scrap of an amount is a lot of its own, rejected, and a piece is rejected as it is', async () => {
  const batch = await one(make(mix.id, 10))
  const work1 = { ...work(), reason: 'burnt' }
  const { lot, scrapped } = await act((uow) => scrapLot(uow, { ...work1, lotId: batch.id, quantity: decimalOf('2.5') }))
  expect([lot.quantity, lot.status]).toEqual(['7.5', 'available'])
  expect(scrapped).toMatchObject({ quantity: '2.5', status: 'rejected', statusReason: 'burnt' })
  const piece = await one(make(brk.id, 1))
  const done = await act((uow) => scrapLot(uow, { ...work1, lotId: piece.id, quantity: null }))
  expect(done.scrapped).toMatchObject({ id: piece.id, status: 'rejected', quantity: '1' })
  await expect(into(piece, '1', [batch])).rejects.toMatchObject({ code: 'material.lot-rejected' })
})

test('more or less than planned comes out of a lot; pieces of a split order belong to the new one', async () => {
  const [order, other] = [newId<'Order'>(), newId<'Order'>()]
  const batch = await one(make(mix.id, 10, order))
  const about = { ...work(), lotId: batch.id, reason: 'as weighed at the end' }
  expect((await act((uow) => produceMore(uow, { ...about, quantity: decimalOf('0.5') }))).quantity).toBe('10.5')
  expect((await act((uow) => produceLess(uow, { ...about, quantity: decimalOf('1.5') }))).quantity).toBe('9')
  const { part } = await act((uow) => splitOffFor(uow, { ...about, orderId: order, quantity: decimalOf(4) }))
  await act((uow) => giveToOrder(uow, { lotIds: [part.id], orderId: other }))
  expect((await again(part)).orderId).toBe(other)
  const [balance] = await platform.run(reconcileMaterial, system, { lotId: batch.id })
  expect(balance).toMatchObject({ produced: '9', transferredOut: '4', remaining: '5', unaccounted: '0' })
})

test.each([
  ['no number of pieces', '1.5', [], 'material.serial-quantity'],
  ['codes that do not fit', '2', ['X-1'], 'material.codes-do-not-fit'],
  ['one code twice', '2', ['X-1', 'x-1'], 'material.lot-code-taken'],
  ['more than 5000', '5001', [], 'material.codes-do-not-fit'],
])('pieces are refused with %s', async (_words, quantity, codes, code) => {
  const asked = act((uow) => produce(uow, { ...work(), definitionId: brk.id, quantity: decimalOf(quantity), codes }))
  await expect(asked).rejects.toMatchObject({ code })
})

test('[AS-8.7-1!, 211.192!] a deviation stays on what is split off meanwhile, ends on all of it, and scrap rejects it; heard twice or late, nothing more happens', async () => {
  const lot = await receive('RESIN', '10')
  const deviation = { deviationId: newId<'Deviation'>(), code: 'DEV-0007', lots: [lot.id] }
  const opened = async () => {
    await act(async (uow) =>
      uow.emit('quality.deviation-opened', { ...deviation, orderId: null, runId: null, at: uow.at }),
    )
    await platform.idle()
  }
  const closed = async () => {
    await act(async (uow) => uow.emit('quality.deviation-closed', { ...deviation, disposition: 'scrap', at: uow.at }))
    await platform.idle()
  }
  await opened()
  await opened()
  const split = { lotId: lot.id, parts: [{ quantity: decimalOf(4) }] }
  const part = (await platform.run(splitLot, system, split)).parts[0] as Lot
  expect(part.openDeviations).toEqual(['DEV-0007'])
  const version = (await again(part)).version
  await platform.run(setLotStatus, system, { lotId: part.id, version, status: 'blocked', reason })
  const free = platform.run(setLotStatus, system, { lotId: part.id, version: version + 1, status: 'available', reason })
  await expect(free).rejects.toMatchObject({ code: 'material.lot-under-deviation' })
  await closed()
  await closed()
  for (const each of [lot, part]) {
    expect(await again(each)).toMatchObject({
      status: 'rejected',
      openDeviations: [],
      statusReason: 'scrapped by deviation DEV-0007',
    })
  }
  const { movements } = await platform.run(listMovements, system, { lotId: part.id })
  expect(movements.map(({ kind }) => kind)).toEqual(['split', 'status', 'status'])
  await opened()
  expect((await again(lot)).openDeviations).toEqual([])
})

test('[MAT-1] after a random life of a store, every lot holds exactly what its movements say, and nothing is unaccounted for', async () => {
  const draw = drawsFrom(7)
  const amount = () => decimalOf(`${draw(3)}.${String(1 + draw(99)).padStart(2, '0')}`)
  const order = newId<'Order'>()
  const lots: Lot[] = [await receive('GEL', '5.55')]
  const pieces = await make(brk.id, 3, order)
  const pick = <T>(of: readonly T[]): T => of[draw(of.length)] as T
  const deeds: (() => Promise<unknown>)[] = [
    async () => lots.push(await receive('GEL', amount())),
    () => into(pick(lots), amount(), [pick(pieces)], order),
    () =>
      act((uow) =>
        returnConsumed(uow, {
          ...work(),
          orderId: order,
          lotId: pick(lots).id,
          quantity: amount(),
          from: [pick(pieces).id],
          reason,
        }),
      ),
    async () => {
      const split = { lotId: pick(lots).id, parts: [{ quantity: amount() }, { quantity: amount() }] }
      lots.push(...(await platform.run(splitLot, system, split)).parts)
    },
    async () => {
      lots.push(await platform.run(mergeLots, system, { lotIds: [pick(lots).id, pick(lots).id], reason }))
    },
    async () => {
      const { scrapped } = await act((uow) =>
        scrapLot(uow, { ...work(), lotId: pick(lots).id, quantity: amount(), reason }),
      )
      lots.push(scrapped)
    },
  ]
  let refused = 0
  for (let deed = 0; deed < 80; deed += 1) {
    await pick(deeds)().catch(() => {
      refused += 1
    })
  }
  expect(refused).toBeLessThan(60)
  const held = await sql<{ wrong: number; edges: number }>`
    select (select count(*) from material.lot where quantity <> (
      select coalesce(sum(case side when 'to' then quantity else -quantity end), 0)
      from material.movement_line where lot_id = lot.id))::int as wrong,
      (select count(*) from material.lot_edge)::int as edges`.execute(platform.db)
  expect(held.rows[0]?.wrong).toBe(0)
  for (const { id } of lots) {
    const [balance] = await platform.run(reconcileMaterial, system, { lotId: id })
    expect(balance?.unaccounted).toBe('0')
  }
  for (const balance of await platform.run(reconcileMaterial, system, { orderId: order })) {
    expect(balance.unaccounted).toBe('0')
  }
})

test('every row of material stands in the ledger as it is', async () => {
  const tables = await listWatchedTables(plant.database.db, [plant.module])
  const own = tables.filter(({ table }) => table.startsWith('material.')).map(({ table }) => table)
  expect(own).toEqual(
    ['bom', 'bom_base', 'container', 'definition', 'lot', 'movement', 'movement_line', 'release', 'weighing'].map(
      (name) => `material.${name}`,
    ),
  )
  const findings = await reconcile(plant.database.db, tables)
  expect(findings.filter(({ message }) => message.includes('material.'))).toEqual([])
})
