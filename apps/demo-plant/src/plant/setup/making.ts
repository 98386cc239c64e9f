import {
  adoptDefinitions,
  adoptMaterialDefinitions,
  createOrder,
  moveLot,
  receiveLot,
  registerAsset,
  releaseOrder,
  setCleaningRule,
  setLogbook,
} from '@throughline/model'
import type { z } from 'zod'
import type { SetupStep } from './step.ts'
import { step } from './step.ts'

const site = 'aurora/aero'
const store = 'aurora/aero/composites/material-store'
const layUp = 'aurora/aero/composites/lay-up'
const inspection = 'aurora/aero/machining/inspection'
const assembly = 'aurora/aero/machining/assembly'
const torqueWrench = 'torque-wrench-10-50Nm'
const document = 'AUR-MFG-001, version 1'
const reason = 'As released at commissioning'
const hour = 3600

const materials: z.input<typeof adoptMaterialDefinitions.input>['materials'] = [
  {
    code: 'PPG-8552',
    name: 'Prepreg, carbon fibre in epoxy',
    kind: 'raw',
    unit: 'm',
    control: 'lot',
    shelfLifeDays: 365,
    outLifeSeconds: 240 * hour,
    needsCertificate: true,
    quarantineOnReceipt: false,
  },
  {
    ...{ code: 'GPG-120', name: 'Prepreg, glass fibre in epoxy', kind: 'raw', unit: 'm', control: 'lot' },
    ...{ shelfLifeDays: 365, outLifeSeconds: 240 * hour, needsCertificate: true, quarantineOnReceipt: false },
  },
  { code: 'INS-M6', name: 'Threaded insert M6', kind: 'raw', unit: '1', control: 'lot', quarantineOnReceipt: false },
  { code: 'DS-BULK', name: 'Bulk drug substance', kind: 'raw', unit: 'mL', control: 'lot', quarantineOnReceipt: false },
  {
    ...{ code: 'VIALS-10', name: 'Filled vials, 10 to the row', kind: 'intermediate', unit: '1', control: 'lot' },
    quarantineOnReceipt: false,
  },
  {
    ...{ code: 'VIALS-10-PACK', name: 'Vials, packed', kind: 'product', unit: '1', control: 'lot' },
    quarantineOnReceipt: false,
  },
  { code: 'BRK-100', name: 'Bracket BRK-100', kind: 'product', unit: '1', control: 'serial' },
  { code: 'BRK-200', name: 'Bracket BRK-200', kind: 'product', unit: '1', control: 'serial' },
]

const boms = (['BRK-100', 'BRK-200'] as const).map((product, index) => ({
  product,
  lines: [
    { position: 10, material: 'PPG-8552', quantity: index === 0 ? '2.4' : '3.6', unit: 'm' },
    { position: 20, material: 'INS-M6', quantity: '4', unit: '1' },
  ],
}))

const vialBom = { product: 'VIALS-10', lines: [{ position: 10, material: 'DS-BULK', quantity: '1', unit: 'mL' }] }

const fillInstruction = {
  code: 'WI-FILL',
  title: { en: 'Fill a range of vials', de: 'Einen Bereich Vials füllen' },
  steps: [
    { key: 'clear', title: { en: 'The line is clear', de: 'Die Linie ist geräumt' }, ask: { type: 'check' } },
    {
      key: 'bulk',
      title: { en: 'Scan the bulk', de: 'Bulk scannen' },
      ask: { type: 'scan', expects: 'material', bomPosition: 10 },
    },
  ],
}

const vialRouting = {
  ...{ code: 'R-VIALS-10', product: 'VIALS-10', drawing: null },
  operations: [
    {
      ...{ sequence: 10, name: 'Fill', at: { path: 'aurora/bio/fill-finish/filling' }, runSeconds: 0.5 },
      ...{ bomPositions: [10], instruction: 'WI-FILL' },
    },
  ],
}

/** What the operator at the lay-up is led through. */
const layUpInstruction = {
  code: 'WI-LAYUP',
  title: { en: 'Lay up the bracket', de: 'Halter laminieren' },
  steps: [
    {
      key: 'prepare',
      title: { en: 'Read the safety sheet of the prepreg', de: 'Sicherheitsblatt des Prepregs lesen' },
      ask: { type: 'read' },
    },
    {
      key: 'mould',
      title: { en: 'The mould is clean and waxed', de: 'Form ist sauber und gewachst' },
      ask: { type: 'check' },
    },
    {
      key: 'prepreg',
      title: { en: 'Scan the roll of prepreg', de: 'Prepregrolle scannen' },
      ask: { type: 'scan', expects: 'material', bomPosition: 10 },
    },
    {
      key: 'humidity',
      title: { en: 'Humidity of the room', de: 'Feuchte des Raums' },
      ask: { type: 'tag', tag: 'RelativeHumidity', low: 35, high: 65 },
      // Left out where nothing is heard of the room.
      optional: true,
    },
    {
      key: 'plies',
      title: { en: 'Plies laid', de: 'Gelegte Lagen' },
      ask: { type: 'number', unit: '1', low: 12, high: 12, decimals: 0 },
      onBreach: 'deviation',
    },
    {
      key: 'orientation',
      title: { en: 'Orientation of the last ply', de: 'Richtung der letzten Lage' },
      ask: {
        type: 'choice',
        options: [
          { value: '0', label: { en: '0°' } },
          { value: '45', label: { en: '45°' } },
          { value: '90', label: { en: '90°' }, accepted: false },
        ],
      },
    },
    {
      key: 'debulk',
      title: { en: 'Debulk under vacuum', de: 'Unter Vakuum verdichten' },
      ask: { type: 'timer', seconds: 600, atMostSeconds: 3600 },
    },
    {
      key: 'leak',
      title: { en: 'Leak test of the bag: loss in 5 min', de: 'Dichtprüfung des Sacks: Verlust in 5 min' },
      ask: { type: 'number', unit: 'mbar', low: null, high: 20, decimals: 0 },
      secondPerson: true,
      verifierSkill: 'LAYUP-INSPECTOR',
      onBreach: 'deviation',
    },
    {
      key: 'remark',
      title: { en: 'Remarks', de: 'Bemerkungen' },
      ask: { type: 'text' },
      optional: true,
    },
    {
      key: 'done',
      title: { en: 'The bracket is laid up as told', de: 'Halter ist nach Anweisung laminiert' },
      ask: { type: 'signature', meaning: 'performed' },
    },
  ],
}

const ndtInstruction = {
  code: 'WI-NDT',
  title: { en: 'Ultrasonic inspection', de: 'Ultraschallprüfung' },
  steps: [
    {
      key: 'call',
      title: { en: 'What the part is judged to be', de: 'Beurteilung des Teils' },
      per: 'piece',
      ask: {
        type: 'choice',
        options: [
          { value: 'sound', label: { en: 'Sound', de: 'Ohne Befund' } },
          { value: 'indication', label: { en: 'Indication', de: 'Anzeige' }, accepted: false },
        ],
      },
      onBreach: 'deviation',
    },
  ],
}

const assemblyInstruction = {
  code: 'WI-ASSEMBLY',
  title: { en: 'Fit the inserts', de: 'Gewindeeinsätze montieren' },
  steps: [
    {
      key: 'inserts',
      title: { en: 'Scan the bag of inserts', de: 'Beutel der Gewindeeinsätze scannen' },
      ask: { type: 'scan', expects: 'material', bomPosition: 20 },
    },
    {
      key: 'torque',
      title: { en: 'Torque of the last insert', de: 'Drehmoment des letzten Einsatzes' },
      ask: { type: 'number', unit: 'N.m', low: 22, high: 26, decimals: 1 },
      onBreach: 'deviation',
    },
    {
      key: 'done',
      title: { en: 'All inserts are seated and torqued', de: 'Alle Einsätze sitzen und sind angezogen' },
      ask: { type: 'signature', meaning: 'performed' },
    },
  ],
}

const routingOf = (product: string, runSeconds: number) => ({
  code: `R-${product}`,
  product,
  drawing: { number: `D-${product}`, revision: 'B' },
  operations: [
    { sequence: 10, name: 'Cut plies', at: { path: 'aurora/aero/composites/cutting' }, runSeconds: 240, batchSize: 6 },
    {
      ...{ sequence: 20, name: 'Lay up', at: { equipmentClass: 'LayUpStation' }, runSeconds, needsCleaning: false },
      ...{ bomPositions: [10], instruction: 'WI-LAYUP', skills: ['LAYUP'] },
    },
    {
      ...{
        sequence: 30,
        name: 'Cure',
        at: { path: 'aurora/aero/composites/curing' },
        batchSize: 6,
        specialProcess: true,
      },
      ...{ runSeconds: 6 * hour, skills: ['AUTOCLAVE'] },
      parameters: [
        {
          // Of the whole load, heating and cooling too: what the soak must not fall below, an alarm watches.
          name: 'AirTemperature',
          tag: 'AirTemperature',
          unit: 'Cel',
          low: null,
          target: 180,
          high: 185,
          critical: true,
        },
      ],
    },
    { sequence: 40, name: 'Demould', at: { path: layUp }, batchSize: 6, runSeconds: 300 },
    {
      sequence: 50,
      name: 'Trim and drill',
      at: { path: 'aurora/aero/machining/trim-drill' },
      runSeconds: 900,
      reworkTo: 50,
    },
    { sequence: 60, name: 'Measure', at: { path: inspection }, batchSize: 6, runSeconds: 480 },
    {
      ...{ sequence: 70, name: 'Ultrasonic inspection', at: { path: inspection }, batchSize: 6, runSeconds: 600 },
      ...{ instruction: 'WI-NDT', skills: ['NDT-UT-2'], specialProcess: true },
    },
    {
      ...{ sequence: 80, name: 'Fit inserts', at: { path: assembly }, runSeconds: 700, bomPositions: [20] },
      ...{ instruction: 'WI-ASSEMBLY', tools: [torqueWrench] },
    },
    { sequence: 90, name: 'Final inspection', at: { path: inspection }, batchSize: 6, runSeconds: 300 },
  ],
})

const orders = [
  { code: 'WO-30001', product: 'BRK-100', quantity: '6', priority: 3, reference: 'wing set 41' },
  { code: 'WO-30002', product: 'BRK-200', quantity: '2', priority: 5, reference: 'wing set 41' },
  { code: 'WO-30003', product: 'BRK-100', quantity: '4', priority: 7, reference: 'spares' },
] as const

/** What brackets are made of and how, the first rolls in the store, and orders on the floor. */
export const making: readonly SetupStep[] = [
  step('material/brackets', adoptMaterialDefinitions, {
    materials: materials ?? [],
    boms: [...boms, vialBom],
    document,
    reason,
  }),
  step('execution/brackets', adoptDefinitions, {
    instructions: [layUpInstruction, ndtInstruction, assemblyInstruction, fillInstruction],
    workDefinitions: [routingOf('BRK-100', 45 * 60), routingOf('BRK-200', 70 * 60), vialRouting],
    document,
    reason,
  }),
  step('asset/mould', registerAsset, {
    ...{ code: 'MLD-100-A', kind: 'fixture', type: 'mould-BRK-100', nodeId: { $node: layUp } },
    ...{ needsCalibration: false, intervalDays: null, description: 'Mould of the bracket BRK-100' },
  }),
  ...['TRQ-01-W1', 'TRQ-01-W3'].map((code) =>
    step(`asset/${code}`, registerAsset, {
      ...{ code, kind: 'tool', type: torqueWrench, nodeId: { $node: assembly } },
      ...{ needsCalibration: true, intervalDays: 365, description: 'Torque wrench, 10 to 50 N.m' },
    }),
  ),
  step('asset/cmm', registerAsset, {
    ...{ code: 'CMM-01', kind: 'gauge', type: 'CMM', nodeId: { $node: inspection } },
    ...{ needsCalibration: false, intervalDays: null, description: 'Coordinate measuring machine' },
  }),
  step('cleaning/autoclave', setCleaningRule, {
    nodeId: { $node: 'aurora/aero/composites/curing/aut-01' },
    ...{ cleanHoldSeconds: 72 * hour, dirtyHoldSeconds: null, reason },
  }),
  step('logbook/lay-up', setLogbook, {
    ...{ nodeId: { $node: layUp }, kind: 'shift', name: 'Lay-up, shift log', reason },
    templates: [{ key: 'hand-over', title: { en: 'Hand-over', de: 'Übergabe' }, fields: [] }],
  }),
  ...['PP-2291', 'PP-2292'].flatMap((code, index) => [
    step(`lot/${code}`, receiveLot, {
      ...{ material: 'PPG-8552', code, quantity: '50', nodeId: { $node: store }, place: 'receiving bay' },
      ...{ supplier: 'prepreg supplier', supplierLot: `84-1${index}`, certificate: { number: `CoC-84-1${index}` } },
      outLifeUsedSeconds: 6 * hour,
    }),
    step(`lot/${code}/freeze`, moveLot, {
      lotId: { $step: `lot/${code}`, field: 'id' },
      ...{ nodeId: { $node: `${store}/frz-01` }, place: `shelf ${index + 1}`, cold: true },
    }),
  ]),
  step('lot/INS-11', receiveLot, {
    ...{ material: 'INS-M6', code: 'INS-11', quantity: '500', nodeId: { $node: store }, place: 'bin 7' },
    ...{ supplier: 'fastener supplier', supplierLot: '7731', certificate: null },
  }),
  ...orders.map((order) => step(`order/${order.code}`, createOrder, { ...order, siteId: { $node: site } })),
  ...orders.slice(0, 2).map(({ code }) =>
    step(`order/${code}/release`, releaseOrder, {
      orderId: { $step: `order/${code}`, field: 'id' },
      version: 1,
    }),
  ),
]
