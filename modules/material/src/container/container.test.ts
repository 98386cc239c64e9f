import type { Id } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import type { Container, Lot } from '@throughline/model'
import {
  closeContainer,
  getLabel,
  getLot,
  listContainers,
  listMovements,
  makeContainer,
  moveContainer,
  moveLot,
  packContainer,
  permissions,
  registerAsset,
  resolveScan,
  setLotStatus,
} from '@throughline/model'
import { actorWith, readPdf } from '@throughline/testkit'
import { afterAll, expect, test } from 'vitest'
import { produce, startShelfLife } from '../lot/face.ts'
import { checkDigit } from '../scan/gs1.ts'
import { startMaterial } from '../testing/start-material.ts'

const plant = await startMaterial()
const { platform, system, receive, content } = plant
afterAll(() => plant.stop())

const gtin = '09521000123458'
const [, brk] = await plant.adopt([
  content('RESIN'),
  content('BRK', { kind: 'product', unit: '1', control: 'serial', gtin, shelfLifeDays: 10 }),
  content('TAPE', { gtin: '04012345678901' }),
])
if (brk === undefined) throw new Error('there is no BRK')
const [store, bench] = [plant.nodeId('works/north/store'), plant.nodeId('works/north/bench')]
const reason = 'as the test wants it'
const make = (kind: Container['kind'], nodeId = store) => platform.run(makeContainer, system, { kind, nodeId })
const pack = (container: Container, what: object) =>
  platform.run(packContainer, system, { containerId: container.id, ...what })
const set = (container: Container, state: Container['state']) =>
  platform.run(closeContainer, system, { containerId: container.id, state, reason })
const again = (lot: Pick<Lot, 'id'>) => platform.run(getLot, system, { lotId: lot.id })
const pieces = (codes: string[]) =>
  plant.act((uow) => produce(uow, { ...plant.work(), definitionId: brk.id, quantity: decimalOf(codes.length), codes }))
const scan = (scanned: string, actor = system) => platform.run(resolveScan, actor, { scanned })
const label = (subject: object, symbol = 'gs1-datamatrix') =>
  platform.run(getLabel, system, getLabel.input.parse({ subject, symbol }))

test('[GS1-2] each container has the next SSCC of the plant, 18 digits with a sound check digit', async () => {
  const made = [await make('box'), ...(await Promise.all([make('tote'), make('tray')]))]
  expect(made.map(({ sscc }) => sscc).sort()).toEqual(
    ['09521000000000001', '09521000000000002', '09521000000000003'].map((digits) => digits + checkDigit(digits)),
  )
  expect(made[0]).toMatchObject({ kind: 'box', state: 'open', parentId: null, lots: [] })
})

test('what is put in lies where its container stands, and moves with it; alone it is not moved', async () => {
  const [box, lot] = [await make('box', bench), await receive('RESIN', '5')]
  expect((await pack(box, { putIn: [lot.id] })).lots).toEqual([lot.id])
  expect(await again(lot)).toMatchObject({ nodeId: bench, containerId: box.id })
  const alone = platform.run(moveLot, system, { lotId: lot.id, nodeId: store })
  await expect(alone).rejects.toMatchObject({ code: 'material.lot-in-container' })
  const [pallet] = [await make('pallet')]
  await pack(pallet, { putInContainers: [box.id] })
  expect((await again(lot)).nodeId).toBe(store)
  const inside = platform.run(moveContainer, system, { containerId: box.id, nodeId: bench })
  await expect(inside).rejects.toMatchObject({ code: 'material.container-packed' })
  await platform.run(moveContainer, system, { containerId: pallet.id, nodeId: bench })
  expect((await again(lot)).nodeId).toBe(bench)
  const { movements } = await platform.run(listMovements, system, { lotId: lot.id })
  expect(movements.map(({ kind }) => kind)).toEqual(['receive', 'move', 'move', 'move'])
  await pack(box, { takeOut: [lot.id] })
  expect((await again(lot)).containerId).toBeNull()
  const found = await platform.run(listContainers, system, { sscc: box.sscc })
  expect(found).toMatchObject([{ parentId: pallet.id, nodeId: bench, lots: [] }])
})

test('no container stands in itself, however deep, also when two stack at once', async () => {
  const [a, b, c] = [await make('tote'), await make('tote'), await make('pallet')]
  await pack(c, { putInContainers: [b.id] })
  await pack(b, { putInContainers: [a.id] })
  for (const [outer, inner] of [
    [a, c],
    [b, c],
    [a, a],
  ] as const) {
    const stacked = pack(outer, { putInContainers: [inner.id] })
    await expect(stacked).rejects.toMatchObject({ code: 'material.container-circle' })
  }
  const [x, y] = [await make('tote'), await make('tote')]
  const both = await Promise.allSettled([pack(x, { putInContainers: [y.id] }), pack(y, { putInContainers: [x.id] })])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('a lot is in one container at most, and only an open one takes or gives', async () => {
  const [box, other, lot] = [await make('box'), await make('box'), await receive('RESIN', '5')]
  await pack(box, { putIn: [lot.id] })
  await expect(pack(other, { putIn: [lot.id] })).rejects.toMatchObject({ code: 'material.lot-packed' })
  await expect(pack(other, { takeOut: [lot.id] })).rejects.toMatchObject({ code: 'material.not-in-container' })
  await expect(set(box, 'emptied')).rejects.toMatchObject({ code: 'material.container-not-empty' })
  await set(box, 'closed')
  await expect(pack(box, { takeOut: [lot.id] })).rejects.toMatchObject({ code: 'material.container-not-open' })
  await set(box, 'open')
  await pack(box, { takeOut: [lot.id] })
  await set(box, 'emptied')
  await expect(set(box, 'open')).rejects.toMatchObject({ code: 'material.container-state' })
})

test('[AS-8.7-1!] what a deviation is open on, or what is not available, is neither closed in nor shipped; then the pallet goes as a whole', async () => {
  const [pallet, box] = [await make('pallet'), await make('box')]
  const made = await pieces(['BRK-A', 'BRK-B'])
  const ids = made.map(({ id }) => id)
  await plant.act((uow) => startShelfLife(uow, { lotIds: ids, at: uow.at }))
  await pack(box, { putIn: ids })
  await pack(pallet, { putInContainers: [box.id] })
  const deviation = { deviationId: ids[0] as unknown as Id<'Deviation'>, code: 'DEV-0001' }
  const tell = async (event: 'opened' | 'closed') => {
    await plant.act(async (uow) => {
      const about = { ...deviation, lots: ids.slice(0, 1), at: uow.at }
      if (event === 'opened') uow.emit('quality.deviation-opened', { ...about, orderId: null, runId: null })
      else uow.emit('quality.deviation-closed', { ...about, disposition: 'use-as-is' })
    })
    await platform.idle()
  }
  await tell('opened')
  await expect(set(box, 'closed')).rejects.toThrow(/BRK-A cannot be closed in: DEV-0001 must be closed first/)
  await tell('closed')
  await set(box, 'closed')
  await set(pallet, 'closed')
  const blocked = await platform.run(setLotStatus, system, {
    lotId: ids[1] as Id<'Lot'>,
    version: (await again(made[1] as Lot)).version,
    status: 'blocked',
    reason,
  })
  await expect(set(pallet, 'shipped')).rejects.toMatchObject({ code: 'material.lot-not-issuable' })
  await platform.run(setLotStatus, system, {
    lotId: blocked.lot.id,
    version: blocked.lot.version,
    status: 'available',
    reason,
  })
  expect(await set(pallet, 'shipped')).toMatchObject({ state: 'shipped', nodeId: null })
  expect(await again(made[0] as Lot)).toMatchObject({
    status: 'shipped',
    quantity: '0',
    nodeId: null,
    containerId: box.id,
  })
  const [inner] = await platform.run(listContainers, system, { sscc: box.sscc })
  expect(inner).toMatchObject({ state: 'shipped', lots: ids })
})

test('[GS1-2] a label says what a scanner then reads back, as DataMatrix, as QR code and on paper', async () => {
  const [piece] = await pieces(['BRK-100-00042'])
  await plant.act((uow) => startShelfLife(uow, { lotIds: piece === undefined ? [] : [piece.id], at: uow.at }))
  const made = await label({ lotId: piece?.id })
  expect(made.text).toBe(`(01)${gtin}(17)261201(21)BRK-100-00042`)
  expect(made.zpl).toContain(`^BXN,5,200,,,,_^FD_101${gtin}1726120121BRK-100-00042^FS`)
  expect(made.zpl.startsWith('^XA') && made.zpl.endsWith('^XZ')).toBe(true)
  const pdf = readPdf(Buffer.from(made.pdf, 'base64'))
  expect(pdf.pages).toHaveLength(1)
  expect(pdf.pages[0]).toContain('BRK-100-00042')
  expect(await scan(`]d201${gtin}1726120121BRK-100-00042`)).toMatchObject({ lot: { id: piece?.id }, unknown: null })
  expect(await scan(made.text)).toMatchObject({ lot: { id: piece?.id } })
  const qr = await label({ lotId: piece?.id }, 'qr')
  expect(qr.zpl).toMatch(/\^GFA,(\d+),\1,\d+,[0-9A-F]+\^FS/)
  expect(qr.text).toBe(made.text)
})

test('what has no GTIN, a container and a scale have labels too, and ZPL reads no command out of a name', async () => {
  await plant.adopt([content('ODD', { name: 'Caret ^XZ and ~tilde_' })])
  const odd = await receive('ODD', '5', { code: 'ODD_1' })
  const made = await label({ lotId: odd.id })
  expect(made.text).toBe('(91)ODD_1')
  expect(made.zpl).toContain('^FD_191ODD__1^FS')
  expect(made.zpl).toContain('Caret _5eXZ and _7etilde_5f')
  const box = await make('box')
  const sscc = await label({ containerId: box.id })
  expect(sscc.text).toBe(`(00)${box.sscc}`)
  expect(await scan(`]C100${box.sscc}`)).toMatchObject({ containerId: box.id, unknown: null })
  expect(await scan(box.sscc)).toMatchObject({ containerId: box.id, gs1: null })
  const scale = { code: 'SCL-1', kind: 'scale', type: 'bench-scale', nodeId: store, intervalDays: null } as const
  await platform.run(registerAsset, system, { ...scale, needsCalibration: false, description: 'beside the door' })
  const plate = await label({ assetCode: 'scl-1' }, 'qr')
  expect(plate.text).toBe('(91)SCL-1')
  expect(await scan(`]Q391SCL-1`)).toMatchObject({ assetCode: 'SCL-1', lot: null, unknown: null })
  const south = actorWith(permissions, plant.nodeId('works/south'))
  expect(await scan('SCL-1', south)).toMatchObject({ assetCode: null, unknown: expect.stringMatching(/There is no/) })
})

test("a scan finds the plant's number before the supplier's, and says in words why a code is nothing", async () => {
  const [tape, twin] = [
    await receive('TAPE', '5', { supplierLot: 'SUP-1' }),
    await receive('TAPE', '5', { supplierLot: 'SUP-2' }),
  ]
  await receive('TAPE', '5', { supplierLot: 'sup-2' })
  expect(await scan(tape.code.toLowerCase())).toMatchObject({ lot: { id: tape.id }, gs1: null, unknown: null })
  expect(await scan(']d2010401234567890110SUP-1')).toMatchObject({ lot: { id: tape.id } })
  expect((await scan(']d210SUP-2')).unknown).toMatch(new RegExp(`is here as ${twin.code}, L-`))
  expect((await scan(`]d201${gtin}10${tape.code}`)).unknown).toMatch(/is TAPE, and the GTIN 09521000123458/)
  expect((await scan(`]d201${gtin}`)).unknown).toMatch(/names the material BRK and no lot/)
  expect((await scan('NOTHING')).unknown).toBe('There is no lot, serial, container or gauge NOTHING')
  expect((await scan(']d2010401234567890')).unknown).toMatch(/needs 14 digits/)
  const south = actorWith(permissions, plant.nodeId('works/south'))
  expect(await scan(tape.code, south)).toMatchObject({ lot: null, unknown: expect.stringMatching(/There is no lot/) })
})

test('[SR-2.1!] who works at the other site neither sees, packs nor moves containers here', async () => {
  const south = actorWith(permissions, plant.nodeId('works/south'))
  const box = await make('box')
  expect(await platform.run(listContainers, south, {})).toEqual([])
  const asked = platform.run(packContainer, south, { containerId: box.id })
  await expect(asked).rejects.toMatchObject({ code: 'platform.out-of-scope' })
})
