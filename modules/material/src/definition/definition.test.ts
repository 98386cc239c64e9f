import type { Id } from '@throughline/kernel'
import { decimalOf, newId } from '@throughline/kernel'
import type { BillOfMaterial, MaterialDefinition } from '@throughline/model'
import {
  draftBom,
  draftMaterialDefinition,
  listBoms,
  listMaterialDefinitions,
  retireBom,
  retireMaterialDefinition,
} from '@throughline/model'
import { findHead } from '@throughline/platform'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { startMaterial } from '../testing/start-material.ts'
import { effectiveBom, effectiveDefinition, getBom, getDefinition } from './face.ts'

const plant = await startMaterial()
const { platform, system, clock, content } = plant
afterAll(() => plant.stop())

await plant.adopt([content('RESIN'), content('GEL'), content('BRK', { kind: 'product', unit: '1', control: 'serial' })])
const changeReason = 'as the test wants it'
const draft = (code: string, changes: object = {}) =>
  platform.run(draftMaterialDefinition, system, { ...content(code, changes), changeReason })
const line = (material: string, more: object = {}) => ({
  position: 10,
  material,
  quantity: decimalOf(2),
  unit: 'kg',
  ...more,
})
const draftList = (lines: object[], drawnFrom: number | null = null) =>
  platform.run(draftBom, system, { product: 'BRK', lines: lines as ReturnType<typeof line>[], changeReason, drawnFrom })
const versions = (code: string) => platform.run(listMaterialDefinitions, system, { code })

/** As signing does, for the first or the last signature of the policy. */
async function sign(
  kind: 'material.definition' | 'material.bom',
  id: string,
  last: boolean,
  version?: number,
): Promise<void> {
  const head = await findHead(platform.db, { kind, id })
  if (head === undefined) throw new Error(`no record of ${id}`)
  await plant.act(async (uow) => {
    const record = { kind, id }
    uow.emit('identity.record-signed', {
      ...{ record, version: version ?? head.version, meaning: 'reviewed' },
      ...{ signatureId: newId<'Signature'>(), personId: newId<'Person'>() },
    })
    if (last)
      uow.emit('identity.record-signatures-complete', { record, version: version ?? head.version, hash: head.hash })
  })
  await platform.idle()
}

test('[AS-8.3-2] a draft is reviewed, comes into force with its last signature, and the version before is retired', async () => {
  const second = await draft('resin', { shelfLifeDays: 30 })
  expect(second).toMatchObject({ code: 'RESIN', version: 2, state: 'draft', effectiveAt: null })
  await sign('material.definition', second.id, false)
  expect((await versions('RESIN')).map(({ state }) => state)).toEqual(['in-review', 'effective'])
  clock.advanceMs(1000)
  for (let heard = 0; heard < 2; heard += 1) await sign('material.definition', second.id, true)
  expect(await versions('RESIN')).toMatchObject([
    { version: 2, state: 'effective', effectiveAt: clock.now(), shelfLifeDays: 30 },
    { version: 1, state: 'retired' },
  ])
  const why = sql<{ why: string }>`select retired_why as why from material.release where state = 'retired'`
  expect((await why.execute(platform.db)).rows).toEqual([{ why: 'superseded by version 2' }])
  expect(await plant.act((uow) => effectiveDefinition(uow, 'resin'))).toMatchObject({ version: 2 })
})

test('[AS-8.3-2!] what was drafted anew since is not what was signed', async () => {
  const made = await draft('NEW')
  await sign('material.definition', made.id, false)
  const anew = await draft('NEW', { name: 'Another one' })
  expect(anew).toMatchObject({ id: made.id, version: 1, state: 'draft' })
  await sign('material.definition', made.id, true, 1)
  expect(await versions('NEW')).toMatchObject([{ state: 'draft', name: 'Another one' }])
})

test('[AS-8.3-2!] a version that was in force never changes, not even with SQL', async () => {
  await plant.bom('BRK', [line('RESIN')])
  for (const change of [sql`update material.definition set name = 'x'`, sql`delete from material.bom`]) {
    await expect(change.execute(plant.database.owner)).rejects.toThrow(/never changes/)
  }
})

test('[AS-8.3-1] an order keeps the bill of material that held at its release, whatever comes into force later', async () => {
  const at = clock.now()
  const before = await plant.act((uow) => effectiveBom(uow, 'brk', at))
  clock.advanceMs(1000)
  const next = await draftList([line('GEL', { alternates: ['RESIN'] })])
  expect(next).toMatchObject({ product: 'BRK', version: 2, state: 'draft' })
  expect(await plant.act((uow) => effectiveBom(uow, 'BRK', uow.at))).toMatchObject({ version: 1 })
  await sign('material.bom', next.id, true)
  expect(await plant.act((uow) => effectiveBom(uow, 'BRK', uow.at))).toMatchObject({ version: 2, state: 'effective' })
  expect(await plant.act((uow) => effectiveBom(uow, 'BRK', at))).toMatchObject({ id: before?.id, version: 1 })
  expect(await plant.act((uow) => getBom(uow, before?.id as BillOfMaterial['id']))).toMatchObject({ state: 'retired' })
  const listed = await platform.run(listBoms, system, { product: 'BRK' })
  expect(listed.map(({ version, state }) => [version, state])).toEqual([
    [2, 'effective'],
    [1, 'retired'],
  ])
  expect(await platform.run(listBoms, system, { state: 'draft' })).toEqual([])
})

test('a bill of material is drafted anew until it is signed, says from which version it was drawn and which one came between, and one of unknown material is refused', async () => {
  const third = await draftList([line('GEL')])
  expect(await draftList([line('RESIN', { position: 20 })])).toMatchObject({ id: third.id, version: 3 })
  expect(await draftList([line('RESIN')], 1)).toMatchObject({ version: 3, drawnFrom: 1, overtakenBy: 2 })
  const known = await platform.run(listBoms, system, { product: 'BRK' })
  expect(known.map(({ version, drawnFrom, overtakenBy }) => [version, drawnFrom, overtakenBy])).toEqual([
    [3, 1, 2],
    [2, null, null],
    [1, null, null],
  ])
  expect(await draftList([line('RESIN')], 3)).toMatchObject({ version: 3, drawnFrom: 1, overtakenBy: 2 })
  expect(await draftList([line('RESIN')], 2)).toMatchObject({ version: 3, drawnFrom: 2, overtakenBy: null })
  await expect(draftList([line('RESIN')], 9)).rejects.toMatchObject({ code: 'material.draft-base-unknown' })
  await expect(draftList([line('NONE')])).rejects.toMatchObject({ kind: 'invalid', code: 'material.bom-invalid' })
})

test('[UOM-1!] what a material is counted in stays with its code once it was in force', async () => {
  await expect(draft('RESIN', { unit: 'g' })).rejects.toMatchObject({ code: 'material.definition-invalid' })
  await expect(draft('RESIN', { control: 'serial' })).rejects.toThrow(/controlled by lot/)
  await expect(draft('G-1', { gtin: '04012345678902' })).rejects.toThrow(/should end in 1/)
  await draft('FREE', { unit: 'kg' })
  expect(await draft('FREE', { unit: 'g' })).toMatchObject({ unit: 'g', version: 1 })
})

test('taking over what was released elsewhere leaves what is there, and is all or nothing', async () => {
  const adopted = await plant.adopt([content('RESIN', { name: 'Not this' }), content('OIL')])
  expect(adopted.map(({ code, state }) => [code, state])).toEqual([['OIL', 'effective']])
  expect(await plant.act((uow) => effectiveDefinition(uow, 'RESIN'))).toMatchObject({ name: 'resin of the test' })
  await expect(plant.adopt([content('ACID'), content('BAD', { gtin: '00000000000001' })])).rejects.toThrow(
    /check digit/,
  )
  expect(await versions('ACID')).toEqual([])
})

test('a retired bill of material holds for no new work, stays readable, and is retired once', async () => {
  const [bom] = (await platform.run(listBoms, system, { product: 'BRK' })).filter(({ state }) => state === 'effective')
  if (bom === undefined) throw new Error('no bill of material is in force')
  const retire = () => platform.run(retireBom, system, { bomId: bom.id, reason: changeReason })
  expect(await retire()).toMatchObject({ id: bom.id, state: 'retired' })
  plant.clock.advanceMs(1)
  expect(await plant.act((uow) => effectiveBom(uow, 'BRK', uow.at))).toBeUndefined()
  expect(await plant.act((uow) => getBom(uow, bom.id))).toMatchObject({ lines: bom.lines, state: 'retired' })
  await expect(retire()).rejects.toMatchObject({ kind: 'conflict', code: 'material.bom-not-effective' })
})

test('a retired material is not received any more; only one in force is retired', async () => {
  const gel = (await versions('GEL'))[0] as MaterialDefinition
  const retire = () => platform.run(retireMaterialDefinition, system, { definitionId: gel.id, reason: changeReason })
  expect(await retire()).toMatchObject({ state: 'retired' })
  await expect(retire()).rejects.toMatchObject({ kind: 'conflict', code: 'material.definition-not-effective' })
  await expect(plant.receive('GEL', '1')).rejects.toMatchObject({ code: 'material.definition-not-in-force' })
  const unknown = newId<'MaterialDefinition'>()
  await expect(plant.act((uow) => getDefinition(uow, unknown))).rejects.toMatchObject({ kind: 'not-found' })
  const noList = plant.act((uow) => getBom(uow, unknown as unknown as Id<'BillOfMaterial'>))
  await expect(noList).rejects.toMatchObject({ code: 'material.bom-unknown' })
})
