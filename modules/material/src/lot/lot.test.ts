import type { Id } from '@throughline/kernel'
import { decimalOf, newId } from '@throughline/kernel'
import type { Lot, LotStatus, MaterialDefinition } from '@throughline/model'
import {
  countLot,
  disposeLot,
  getLot,
  listLots,
  listMovements,
  mergeLots,
  moveLot,
  permissions,
  setLotStatus,
  splitLot,
  transformLot,
} from '@throughline/model'
import { actorWith } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { startMaterial } from '../testing/start-material.ts'
import { consume, produce, returnConsumed, startShelfLife } from './face.ts'

const plant = await startMaterial()
const { platform, system, clock, receive, act, work, content } = plant
afterAll(() => plant.stop())

await plant.adopt([
  content('RESIN'),
  content('PP', {
    unit: 'm2',
    shelfLifeDays: 365,
    outLifeSeconds: 240 * 3600,
    needsCertificate: true,
    quarantineOnReceipt: true,
  }),
  content('BRK', { kind: 'product', unit: '1', control: 'serial' }),
  content('GEL', { kind: 'intermediate', shelfLifeDays: 2 }),
])
const [brk] = await plant.adopt([content('BRK-2', { kind: 'product', unit: '1', control: 'serial' })])
if (brk === undefined) throw new Error('there is no BRK-2')
const certificate = { number: 'CoC 4711' }
const reason = 'as the test wants it'
const move = (lot: Pick<Lot, 'id'>, more: object) =>
  platform.run(moveLot, system, { lotId: lot.id, nodeId: plant.nodeId('works/north/bench'), ...more })
const status = (
  lot: Lot,
  next: Parameters<typeof platform.run<typeof setLotStatus.input, typeof setLotStatus.output>>[2]['status'],
) => platform.run(setLotStatus, system, { lotId: lot.id, version: lot.version, status: next, reason })
const again = (lot: Pick<Lot, 'id'>) => platform.run(getLot, system, { lotId: lot.id })
const pieces = (quantity: string, codes: string[] = []) =>
  act((uow) => produce(uow, { ...work(), definitionId: brk.id, quantity: decimalOf(quantity), codes }))
const into = (lot: Pick<Lot, 'id'>, quantity: string, lots: readonly Pick<Lot, 'id'>[], more: object = {}) =>
  act((uow) =>
    consume(uow, { ...work(), lotId: lot.id, quantity: decimalOf(quantity), into: lots.map(({ id }) => id), ...more }),
  )

test('a received lot gets the next number of the plant, its expiry from its shelf life, and waits for quality', async () => {
  const [first, second] = [await receive('PP', '50', { certificate }), await receive('pp', '20.50', { certificate })]
  expect(first).toMatchObject({
    ...{ code: 'L-000001', material: 'PP', quantity: '50', status: 'quarantine', supplier: 'Fibre Works' },
    ...{ expiresAt: plant.inHours(365 * 24), certificate: { number: 'CoC 4711', document: null }, version: 1 },
  })
  expect(second).toMatchObject({ code: 'L-000002', quantity: '20.5' })
})

test('numbers have no gap when a receipt fails, none is given twice to many at once, and one given by hand is passed over', async () => {
  await expect(receive('NOTHING', '1')).rejects.toMatchObject({ code: 'material.definition-not-in-force' })
  await expect(receive('RESIN', '1', { code: 'l-000001' })).rejects.toMatchObject({ code: 'material.lot-code-taken' })
  const byHand = await receive('RESIN', '1', { code: 'L-000004' })
  const many = await Promise.all(Array.from({ length: 4 }, () => receive('RESIN', '1')))
  expect(many.map(({ code }) => code).sort()).toEqual(['L-000003', 'L-000005', 'L-000006', 'L-000007'])
  expect(byHand.code).toBe('L-000004')
})

test('[AS-8.4!] a lot without the certificate that its material needs cannot be issued', async () => {
  const lot = await receive('PP', '10')
  await status(lot, 'available')
  const [piece] = await pieces('1')
  if (piece === undefined) throw new Error('nothing was made')
  await expect(into(lot, '1', [piece])).rejects.toMatchObject({
    code: 'material.lot-not-issuable',
    message: `${lot.code} cannot be issued: ${lot.code} came without its supplier's certificate: get the certificate, or take another lot`,
  })
  expect((await again(lot)).quantity).toBe('10')
})

test('[211.101d-1!] what is in quarantine, expired, too long out or used up is refused in words, and an answered-for reason is not', async () => {
  const [piece] = await pieces('1')
  if (piece === undefined) throw new Error('nothing was made')
  const roll = await receive('PP', '10', { certificate, expiresAt: plant.inHours(300) })
  await expect(into(roll, '1', [piece])).rejects.toThrow(/in quarantine/)
  await status(roll, 'available')
  clock.advanceMs(241 * 3_600_000)
  await expect(into(roll, '1', [piece])).rejects.toThrow(`${roll.code} was out for 241 h of 240 h: take another lot`)
  await into(roll, '1', [piece], { overridden: ['out-life'] })
  clock.advanceMs(60 * 3_600_000)
  await expect(into(roll, '1', [piece], { overridden: ['out-life'] })).rejects.toThrow(/expired/)
  const resin = await receive('RESIN', '2')
  expect(await into(resin, '2', [piece])).toMatchObject({ quantity: '0', status: 'consumed', nodeId: null })
  await expect(into(resin, '1', [piece])).rejects.toMatchObject({ code: 'material.lot-gone' })
})

test('the out-life clock runs while a lot is out and rests in the cold, to the microsecond', async () => {
  const roll = await receive('PP', '10', { certificate, outLifeUsedSeconds: 0.1 })
  clock.advanceMs(0.2)
  expect((await move(roll, { cold: true })).outLife).toMatchObject({ usedSeconds: 0.1002, outSince: null })
  clock.advanceMs(1_000_000)
  expect((await again(roll)).outLife?.usedSeconds).toBe(0.1002)
  const at = clock.now()
  clock.advanceMs(500)
  expect((await move(roll, { cold: false, at })).outLife).toMatchObject({ usedSeconds: 0.6002, outSince: at })
  await expect(move(roll, { cold: true, at: at - 1 })).rejects.toMatchObject({ code: 'material.move-out-of-order' })
  await expect(move(roll, { at: plant.inHours(1) })).rejects.toMatchObject({ code: 'material.time-impossible' })
  const { movements, lots } = await platform.run(listMovements, system, { lotId: roll.id })
  expect(movements.map(({ kind }) => kind)).toEqual(['receive', 'put-back', 'take-out'])
  expect(lots).toEqual([{ id: roll.id, code: roll.code }])
})

test('what is planned does not age; then it was out as long as what went into it, and its shelf life begins when it is made', async () => {
  const [kit] = await plant.adopt([content('KIT', { kind: 'intermediate', outLifeSeconds: 7200, shelfLifeDays: 1 })])
  const [made] = await act((uow) =>
    produce(uow, { ...work(), definitionId: (kit as MaterialDefinition).id, quantity: decimalOf(1) }),
  )
  if (made === undefined) throw new Error('nothing was made')
  const roll = await receive('PP', '10', { certificate, outLifeUsedSeconds: 3600 })
  await status(roll, 'available')
  clock.advanceMs(600_000)
  expect(await again(made)).toMatchObject({ expiresAt: null, outLife: { usedSeconds: 0, outSince: null } })
  await into(roll, '1', [made])
  clock.advanceMs(1000)
  expect((await again(made)).outLife?.usedSeconds).toBe(4201)
  const [started] = await act((uow) => startShelfLife(uow, { lotIds: [made.id], at: uow.at }))
  expect(started).toMatchObject({ expiresAt: plant.inHours(24), outLife: { usedSeconds: 4201 } })
})

test('two who take from one lot at once never take more than there is', async () => {
  const resin = await receive('RESIN', '1')
  const made = await pieces('4')
  const taken = await Promise.allSettled(made.map((piece) => into(resin, '0.3', [piece])))
  expect(taken.filter(({ status: outcome }) => outcome === 'fulfilled')).toHaveLength(3)
  expect((await again(resin)).quantity).toBe('0.1')
})

test('what was consumed comes back at most once, and returned in full it is no longer part of the piece', async () => {
  const resin = await receive('RESIN', '5')
  const [one, two] = await pieces('2')
  if (one === undefined || two === undefined) throw new Error('nothing was made')
  await into(resin, '5', [one, two])
  const back = (quantity: string, from: readonly Pick<Lot, 'id'>[]) =>
    act((uow) =>
      returnConsumed(uow, {
        ...work(),
        ...{ lotId: resin.id, quantity: decimalOf(quantity), from: from.map(({ id }) => id), reason },
      }),
    )
  expect(await back('2', [one, two])).toMatchObject({ quantity: '2', status: 'available' })
  const edges = async () => {
    const query = sql<{ to: Id<'Lot'> }>`select to_lot as to from material.lot_edge where from_lot = ${resin.id}`
    return (await query.execute(plant.database.db)).rows.length
  }
  expect(await edges()).toBe(2)
  await expect(back('3.5', [one])).rejects.toMatchObject({ code: 'material.return-too-much' })
  await back('3', [one, two])
  expect(await edges()).toBe(0)
  await expect(back('1', [one])).rejects.toMatchObject({ code: 'material.return-too-much' })
})

test('[AS-8.5.2-2] parts that are split off keep history and limits; put together, what is strictest of any holds for all', async () => {
  const roll = await receive('PP', '10', { certificate, expiresAt: plant.inHours(100), outLifeUsedSeconds: 60 })
  const split = {
    lotId: roll.id,
    parts: [{ quantity: decimalOf('2.5') }, { quantity: decimalOf('7.5'), code: 'SHORT' }],
  }
  const { rest, parts } = await platform.run(splitLot, system, split)
  expect(rest).toMatchObject({ quantity: '0', status: 'consumed', statusReason: 'split up' })
  expect(parts).toMatchObject([
    { quantity: '2.5', supplierLot: 'F-77', expiresAt: roll.expiresAt, status: 'quarantine' },
    { code: 'SHORT', quantity: '7.5', certificate: { number: 'CoC 4711' }, outLife: { usedSeconds: 60 } },
  ])
  const other = await receive('PP', '0.5', { certificate: { number: 'CoC 9' }, supplierLot: 'F-78' })
  const ids = [...parts, other].map(({ id }) => id)
  clock.advanceMs(1000)
  const whole = await platform.run(mergeLots, system, { lotIds: ids, code: 'WHOLE', reason })
  expect(whole).toMatchObject({
    ...{ code: 'WHOLE', quantity: '10.5', expiresAt: roll.expiresAt, supplier: 'Fibre Works', supplierLot: null },
    ...{ certificate: { number: 'CoC 4711; CoC 9' }, outLife: { usedSeconds: 61 } },
  })
  await expect(platform.run(mergeLots, system, { lotIds: ids, reason })).rejects.toMatchObject({
    code: 'material.lot-gone',
  })
})

test('lots of other material, status or place are not put together; a piece is neither split nor merged', async () => {
  const [resin, gel] = [await receive('RESIN', '1'), await receive('GEL', '1')]
  const blocked = (await status(await receive('RESIN', '1'), 'blocked')).lot
  const away = await move(await receive('RESIN', '1'), {})
  for (const other of [gel, blocked, away]) {
    const merge = platform.run(mergeLots, system, { lotIds: [resin.id, other.id], reason })
    await expect(merge).rejects.toMatchObject({ code: 'material.lots-unlike' })
  }
  const [piece] = await pieces('1')
  if (piece === undefined) throw new Error('nothing was made')
  const split = platform.run(splitLot, system, { lotId: piece.id, parts: [{ quantity: decimalOf(1) }] })
  await expect(split).rejects.toMatchObject({ code: 'material.lot-one-piece' })
})

test('a lot made into another material expires with the earlier of both', async () => {
  const resin = await receive('RESIN', '5', { expiresAt: plant.inHours(12) })
  const { from, to } = await platform.run(transformLot, system, {
    ...{ lotId: resin.id, quantity: decimalOf(2), material: 'GEL', made: decimalOf('1.9'), reason },
  })
  expect(from.quantity).toBe('3')
  expect(to).toMatchObject({ material: 'GEL', quantity: '1.9', expiresAt: resin.expiresAt })
  const late = await receive('RESIN', '5')
  const other = { lotId: late.id, quantity: decimalOf(2), material: 'GEL', made: decimalOf(2), reason }
  expect((await platform.run(transformLot, system, other)).to.expiresAt).toBe(plant.inHours(48))
})

test('a count that somebody else overtook is refused; the difference is a movement with its reason', async () => {
  const resin = await receive('RESIN', '5')
  const count = (version: number, counted: string) =>
    platform.run(countLot, system, { lotId: resin.id, version, counted: decimalOf(counted), reason })
  expect((await count(1, '4.75')).quantity).toBe('4.75')
  await expect(count(1, '4')).rejects.toMatchObject({ kind: 'conflict', code: 'material.lot-changed' })
  await expect(count(2, '-1')).rejects.toMatchObject({ code: 'material.count-impossible' })
  expect((await count(2, '5')).quantity).toBe('5')
  const { movements } = await platform.run(listMovements, system, { lotId: resin.id })
  expect(movements.map(({ from, to }) => [from[0]?.quantity, to[0]?.quantity])).toEqual([
    [undefined, '5'],
    ['0.25', undefined],
    [undefined, '0.25'],
  ])
})

test('[AS-8.7-1!] each status leads only where quality may lead it; what is rejected can only be disposed of', async () => {
  const statuses = ['quarantine', 'available', 'blocked', 'rejected'] as const
  const ways: [LotStatus, LotStatus][] = []
  for (const from of statuses) {
    for (const to of statuses) {
      const lot = await receive('RESIN', '1')
      const there = from === 'available' ? lot : (await status(lot, from)).lot
      const done = await status(there, to).then(
        () => true,
        () => false,
      )
      if (done) ways.push([from, to])
    }
  }
  expect(ways).toEqual([
    ['quarantine', 'available'],
    ['quarantine', 'blocked'],
    ['quarantine', 'rejected'],
    ['available', 'quarantine'],
    ['available', 'blocked'],
    ['available', 'rejected'],
    ['blocked', 'quarantine'],
    ['blocked', 'available'],
    ['blocked', 'rejected'],
  ])
  const { lot } = await status(await receive('RESIN', '2'), 'rejected')
  const split = platform.run(splitLot, system, { lotId: lot.id, parts: [{ quantity: decimalOf(1) }] })
  await expect(split).rejects.toMatchObject({ code: 'material.lot-rejected' })
  const dispose = (quantity: string) =>
    platform.run(disposeLot, system, { lotId: lot.id, quantity: decimalOf(quantity), reason })
  expect(await dispose('0.5')).toMatchObject({ quantity: '1.5', status: 'rejected' })
  await expect(dispose('2')).rejects.toMatchObject({ code: 'material.lot-too-little' })
  expect(await dispose('1.5')).toMatchObject({ quantity: '0', status: 'disposed', statusReason: reason })
  await expect(dispose('1')).rejects.toMatchObject({ code: 'material.lot-gone' })
})

test('[AS-8.7-1!] what an order is to make is planned until it is made: nobody uses it, whoever answers for it, and let go by quality it is planned again', async () => {
  const [piece, other] = await pieces('2')
  if (piece === undefined || other === undefined) throw new Error('nothing was made')
  const made = (lot: Lot) => act((uow) => startShelfLife(uow, { lotIds: [lot.id], at: uow.at }))
  const listed = async (asked: LotStatus) =>
    (await platform.run(listLots, system, { material: 'BRK-2', status: asked })).lots.map(({ id }) => id)
  expect(piece.status).toBe('planned')
  expect(await listed('planned')).toEqual(expect.arrayContaining([piece.id, other.id]))
  for (const overridden of [[], ['material-status']]) {
    const use = into(piece, '1', [other], { overridden })
    await expect(use).rejects.toMatchObject({ code: 'material.lot-planned', message: /complete the operations/ })
  }
  await expect(status(piece, 'available')).rejects.toThrow('it is available once its order has made it')
  const { lot: held } = await status(piece, 'quarantine')
  await expect(into(piece, '1', [other])).rejects.toMatchObject({ code: 'material.lot-planned' })
  expect((await status(held, 'available')).lot.status).toBe('planned')
  expect(await made(piece)).toMatchObject([{ status: 'available' }])
  expect(await listed('available')).toContain(piece.id)
  // What quality holds while it is made stays held.
  const { lot: blocked } = await status(other, 'blocked')
  const [done] = await made(blocked)
  expect(done?.status).toBe('blocked')
  expect((await status(done as Lot, 'available')).lot.status).toBe('available')
  expect(await into(piece, '1', [other])).toMatchObject({ quantity: '0', status: 'consumed' })
})

test('[MAT-1!] what happened to material cannot be changed, not even with SQL', async () => {
  for (const table of ['movement', 'movement_line']) {
    const change = sql`delete from ${sql.table(`material.${table}`)}`.execute(plant.database.owner)
    await expect(change).rejects.toThrow(/never changes/)
  }
})

test('[SR-2.1!] who works at one site neither sees nor moves what lies at the other', async () => {
  const lot = await receive('RESIN', '1')
  const south = actorWith(permissions, plant.nodeId('works/south'))
  expect((await platform.run(listLots, south, {})).total).toBe(0)
  const get = platform.run(getLot, south, { code: lot.code })
  await expect(get).rejects.toMatchObject({ code: 'platform.out-of-scope' })
  const count = platform.run(countLot, south, { lotId: lot.id, version: 1, counted: decimalOf(1), reason })
  await expect(count).rejects.toMatchObject({ code: 'platform.out-of-scope' })
  const north = actorWith(permissions, plant.nodeId('works/north'))
  const found = await platform.run(listLots, north, { search: lot.code.toLowerCase() })
  expect(found).toMatchObject({ total: 1, lots: [{ id: lot.id }] })
})

test.each([
  ['an unknown place', { nodeId: newId<'EquipmentNode'>() }, 'material.node-unknown'],
  ['an out-life of what does not age', { outLifeUsedSeconds: 1 }, 'material.out-life-unknown'],
  ['a text that cannot be stored', { supplier: 'a\u0000b' }, 'platform.text-unstorable'],
  ['a future time', { at: plant.inHours(9999) }, 'material.time-impossible'],
  ['two pieces of a serial material at once', { material: 'BRK', quantity: '2' }, 'material.serial-quantity'],
])('a receipt with %s is refused', async (_words, change, code) => {
  await expect(receive('RESIN', '1', change)).rejects.toMatchObject({ code })
})
