import type { StopCategory } from '@throughline/model'
import { setReason } from '@throughline/model'
import type { SetupStep } from './step.ts'
import { step } from './step.ts'

interface Leaf {
  readonly code: string
  readonly texts: Readonly<Record<string, string>>
  readonly category?: StopCategory
  readonly insidePlannedTime?: boolean
  readonly machineCodes?: readonly string[]
}
interface Tree {
  readonly node: string
  readonly kind: 'stop' | 'scrap'
  readonly groups: readonly (Leaf & { readonly under: readonly Leaf[] })[]
}

const trees: readonly Tree[] = [
  {
    node: 'aurora/bio/fill-finish',
    kind: 'stop',
    groups: [
      {
        ...{ code: 'TECHNICAL', texts: { en: 'Technical', de: 'Technik' } },
        under: [
          { code: 'JAM', texts: { en: 'Jam', de: 'Stau' }, category: 'down', machineCodes: ['Jam'] },
          {
            ...{ code: 'BREAKDOWN', texts: { en: 'Breakdown', de: 'Störung' }, category: 'down' },
            machineCodes: ['Breakdown'],
          },
          { code: 'SENSOR', texts: { en: 'Sensor fault', de: 'Sensorfehler' }, category: 'down' },
        ],
      },
      {
        ...{ code: 'MATERIAL', texts: { en: 'Material', de: 'Material' } },
        under: [
          {
            ...{ code: 'NO-VIALS', texts: { en: 'No vials', de: 'Keine Vials' }, category: 'delay' },
            machineCodes: ['No vials'],
          },
          { code: 'NO-STOPPERS', texts: { en: 'No stoppers', de: 'Keine Stopfen' }, category: 'delay' },
        ],
      },
      {
        ...{ code: 'ORGANISATION', texts: { en: 'Organisation', de: 'Organisation' } },
        under: [
          {
            ...{ code: 'LOT-CHANGE', texts: { en: 'Lot change', de: 'Chargenwechsel' }, category: 'setup' },
            machineCodes: ['Lot change'],
          },
          { code: 'CLEANING', texts: { en: 'Cleaning', de: 'Reinigung' }, category: 'setup' },
          {
            ...{ code: 'MAINTENANCE', texts: { en: 'Planned maintenance', de: 'Geplante Wartung' } },
            ...{ category: 'planned', insidePlannedTime: false, machineCodes: ['Maintenance'] },
          },
          { code: 'QUALITY-WAIT', texts: { en: 'Waiting for quality', de: 'Warten auf Qualität' }, category: 'delay' },
          { code: 'NO-ORDER', texts: { en: 'No order', de: 'Kein Auftrag' }, category: 'no-order' },
        ],
      },
    ],
  },
  {
    node: 'aurora/aero',
    kind: 'stop',
    groups: [
      {
        ...{ code: 'TECHNICAL', texts: { en: 'Technical', de: 'Technik' } },
        under: [
          {
            ...{ code: 'DRIVE', texts: { en: 'Drive fault', de: 'Antriebsfehler' }, category: 'down' },
            machineCodes: ['SP02', 'AX11'],
          },
          {
            ...{ code: 'COOLANT', texts: { en: 'Coolant', de: 'Kühlmittel' }, category: 'down' },
            machineCodes: ['CL04', 'FH03'],
          },
          {
            ...{ code: 'CLAMP', texts: { en: 'Part clamp', de: 'Spannung' }, category: 'down' },
            machineCodes: ['PR07'],
          },
          { code: 'TOOL', texts: { en: 'Tool or blade broken', de: 'Werkzeug oder Klinge defekt' }, category: 'down' },
          { code: 'VACUUM', texts: { en: 'Vacuum lost', de: 'Vakuum verloren' }, category: 'down' },
          { code: 'CONTROL', texts: { en: 'Control fault', de: 'Steuerungsfehler' }, category: 'down' },
        ],
      },
      {
        ...{ code: 'MATERIAL', texts: { en: 'Material', de: 'Material' } },
        under: [
          { code: 'NO-MATERIAL', texts: { en: 'No material', de: 'Kein Material' }, category: 'delay' },
          { code: 'OUTLIFE', texts: { en: 'Material not fit for use', de: 'Material gesperrt' }, category: 'delay' },
        ],
      },
      {
        ...{ code: 'ORGANISATION', texts: { en: 'Organisation', de: 'Organisation' } },
        under: [
          {
            ...{
              code: 'BLADE-CHANGE',
              texts: { en: 'Tool or blade change', de: 'Werkzeugwechsel' },
              category: 'setup',
            },
            machineCodes: ['Changeover'],
          },
          {
            ...{ code: 'LOADING', texts: { en: 'Loading', de: 'Beladen' }, category: 'setup' },
            machineCodes: ['Loading', 'Unloading'],
          },
          { code: 'NO-PERSON', texts: { en: 'No operator', de: 'Kein Bediener' }, category: 'delay' },
          { code: 'NO-ORDER', texts: { en: 'No order', de: 'Kein Auftrag' }, category: 'no-order' },
        ],
      },
    ],
  },
  {
    node: 'aurora/bio/fill-finish',
    kind: 'scrap',
    groups: [
      {
        ...{ code: 'VIAL', texts: { en: 'Vial', de: 'Vial' } },
        under: [
          { code: 'STOPPER', texts: { en: 'Stopper missing or askew', de: 'Stopfen fehlt oder schief' } },
          { code: 'PARTICLE', texts: { en: 'Particle', de: 'Partikel' } },
          { code: 'COSMETIC', texts: { en: 'Cosmetic', de: 'Optisch' } },
          { code: 'WEIGHT', texts: { en: 'Fill weight', de: 'Füllgewicht' } },
        ],
      },
    ],
  },
  {
    node: 'aurora/aero',
    kind: 'scrap',
    groups: [
      {
        ...{ code: 'PART', texts: { en: 'Part', de: 'Teil' } },
        under: [
          { code: 'DIMENSION', texts: { en: 'Out of dimension', de: 'Maßfehler' } },
          { code: 'SURFACE', texts: { en: 'Surface', de: 'Oberfläche' } },
          { code: 'DELAMINATION', texts: { en: 'Delamination', de: 'Delamination' } },
        ],
      },
    ],
  },
]

/** Why machines stand and parts are scrap at each site, in English and German. */
export const reasons: readonly SetupStep[] = trees.flatMap(({ node, kind, groups }) =>
  groups.flatMap((group) => {
    const id = `reason/${node}/${kind}/${group.code}`
    const common = { kind, nodeId: { $node: node }, insidePlannedTime: true }
    return [
      step(id, setReason, {
        ...common,
        ...{ parentId: null, code: group.code, texts: group.texts, category: null, machineCodes: [] },
      }),
      ...group.under.map((leaf) =>
        step(`${id}/${leaf.code}`, setReason, {
          ...common,
          parentId: { $step: id, field: 'id' },
          ...{ code: leaf.code, texts: leaf.texts, category: leaf.category ?? null },
          machineCodes: leaf.machineCodes ?? [],
          insidePlannedTime: leaf.insidePlannedTime ?? true,
        }),
      ),
    ]
  }),
)
