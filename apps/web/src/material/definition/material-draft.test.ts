import type { BillOfMaterial, MaterialDefinition } from '@throughline/model'
import { draftBom, draftMaterialDefinition } from '@throughline/model'
import { expect, test } from 'vitest'
import { bomContent, materialContent, typedBom, typedMaterial } from './material-draft.ts'

const material = draftMaterialDefinition.input.parse({
  ...{ code: 'PPG-7', name: 'Prepreg', kind: 'raw', unit: 'm', control: 'lot', shelfLifeDays: 365 },
  ...{ outLifeSeconds: 90_000, needsCertificate: true, quarantineOnReceipt: false, changeReason: 'longer out-life' },
})

test('what stands in a material is what is sent when nobody types anything, its out-life in hours', () => {
  const typed = typedMaterial({ ...material, version: 1, state: 'draft' } as MaterialDefinition)
  expect(typed.outLife).toBe('25')
  expect(materialContent(typed)).toEqual({ content: material })
  expect(materialContent({ ...typed, outLife: 'long', gtin: '12', name: '' })).toEqual({
    problems: [
      { part: null, message: 'Out-life: "long" is no number' },
      { part: null, message: 'name: it is missing' },
      { part: null, message: expect.stringContaining('GTIN: ') },
    ],
  })
})

const bom = draftBom.input.parse({
  ...{ product: 'BRK-7', changeReason: 'other inserts' },
  lines: [
    { position: 10, material: 'PPG-7', quantity: '2.40', unit: 'm', alternates: ['PPG-8'] },
    {
      ...{ position: 20, material: 'INS-7', quantity: '4', unit: '1', firstSerial: 'BRK-7-00001' },
      ...{ effectiveFrom: 1_795_442_400_000_000, effectiveTo: 1_795_528_800_000_000 },
    },
  ],
})

test.each(['Europe/Berlin', 'America/New_York'])(
  'a bill of material keeps its quantities and times, typed on the clock of %s',
  (zone) => {
    expect(bomContent(typedBom({ ...bom, version: 1, state: 'draft' } as BillOfMaterial, zone), zone)).toEqual({
      content: bom,
    })
  },
)

test('what cannot be sent of a bill of material is named at its line', () => {
  const typed = typedBom({ ...bom, version: 1, state: 'draft' } as BillOfMaterial, 'UTC')
  const lines = typed.lines.map((line, index) => (index === 1 ? { ...line, quantity: '0', from: 'soon' } : line))
  expect(bomContent({ ...typed, lines }, 'UTC')).toEqual({
    problems: [
      { part: 1, message: '"soon" is no time such as 2026-11-22 14:05' },
      { part: 1, message: 'quantity: must be above 0' },
    ],
  })
})
