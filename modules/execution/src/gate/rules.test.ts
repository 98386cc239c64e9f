import type { Id, Instant } from '@throughline/kernel'
import { decimalOf, fromMs } from '@throughline/kernel'
import type { Asset, EquipmentQualification, Gate, GateKind, Lot, OrderHold, Qualification } from '@throughline/model'
import { expect, test } from 'vitest'
import type { GateFacts } from './facts.ts'
import { assertGatesOpen, evaluateGates, isOverridable } from './rules.ts'

const at = fromMs(Date.UTC(2026, 10, 22, 8))
const later = (hours: number): Instant => (at + hours * 3_600_000_000) as Instant
const path = 'aurora/aero/cure/oven-1'

const clear: GateFacts = {
  at,
  order: { code: 'WO-1', state: 'released', holds: [] },
  operation: {
    sequence: 20,
    name: 'Cure',
    skills: [],
    tools: [],
    needsCleaning: false,
    program: null,
    instruction: null,
    specialProcess: false,
  },
  before: [],
  instruction: null,
  person: { name: 'ada', qualifications: [], worksBy: ['WI-CURE@2', 'R-BRK@1'] },
  equipment: null,
  scannedAssets: [],
  assets: [],
  suspect: [],
  scannedLots: [],
  unknownCodes: [],
  overrides: [],
}

type Changes = Omit<Partial<GateFacts>, 'operation'> & { operation?: Partial<GateFacts['operation']> }
const facts = ({ operation, ...changes }: Changes): GateFacts => ({
  ...clear,
  ...changes,
  operation: { ...clear.operation, ...operation },
})
const gatesOf = (changes: Changes, kind: GateKind): Gate[] =>
  evaluateGates(facts(changes)).filter((each) => each.kind === kind)

const hold = (changes: Partial<OrderHold> = {}): OrderHold => ({
  id: 'h' as Id<'OrderHold'>,
  cause: 'person',
  subject: null,
  reason: 'drawing in doubt',
  by: 'eve',
  at,
  ended: null,
  ...changes,
})
const skill = (changes: Partial<Qualification> = {}): Qualification => ({
  id: 'q' as Id<'Qualification'>,
  personId: 'p' as Id<'Person'>,
  skill: 'NDT-2',
  evidence: 'certificate 12',
  validFrom: later(-10),
  validTo: later(10),
  onlyFor: null,
  recordedBy: 'eve',
  recordedAt: at,
  revoked: null,
  ...changes,
})
const gauge = (changes: Partial<Asset> = {}): Asset => ({
  id: 'a' as Id<'Asset'>,
  code: 'TRQ-01',
  kind: 'gauge',
  type: 'torque-wrench',
  description: '',
  nodeId: null,
  state: 'in-service',
  needsCalibration: true,
  intervalDays: 365,
  calibratedAt: later(-100),
  calibrationDueAt: later(100),
  outOfTolerance: false,
  ...changes,
})
const scanned = (asset: Asset | undefined, code = asset?.code ?? 'NONE-1') => [{ code, asset }]
const oven = (changes: Partial<NonNullable<GateFacts['equipment']>> = {}): NonNullable<GateFacts['equipment']> => ({
  path,
  condition: { fit: true, words: 'running' },
  cleaning: {
    nodeId: 'n' as Id<'EquipmentNode'>,
    status: 'clean',
    since: at,
    cleanUntil: null,
    cleanBy: null,
    lastUse: null,
  },
  program: undefined,
  outage: undefined,
  qualified: [],
  ...changes,
})
const cleaning = (changes: Partial<NonNullable<GateFacts['equipment']>['cleaning']>) =>
  oven({ cleaning: { ...oven().cleaning, ...changes } })
const program = { name: 'PLATE-1.nc', sha256: 'a'.repeat(64) }
const lot = (changes: Partial<Lot> = {}): Lot => ({
  id: 'l' as Id<'Lot'>,
  code: 'PP-2291',
  material: 'PREPREG',
  definitionId: 'd' as Id<'MaterialDefinition'>,
  control: 'lot',
  quantity: decimalOf(10),
  unit: 'm',
  status: 'available',
  statusReason: '',
  expiresAt: null,
  outLife: null,
  supplier: null,
  supplierLot: null,
  certificate: null,
  certificateNeeded: false,
  nodeId: null,
  place: '',
  containerId: null,
  openDeviations: [],
  orderId: null,
  madeAt: at,
  version: 1,
  ...changes,
})
const roll = (changes: Partial<Lot> = {}, fitting: readonly string[] = ['PREPREG']) => ({
  scannedLots: [{ lot: lot(changes), fitting }],
})
const instruction = { operation: { instruction: 'WI-CURE' } }
const kept = { version: 2, state: 'effective', effectiveAt: at } as const
const special = { specialProcess: true, skills: ['ndt-2'] }
const granted = (changes: Partial<EquipmentQualification> = {}): EquipmentQualification => ({
  id: 'e' as Id<'EquipmentQualification'>,
  nodeId: 'n' as Id<'EquipmentNode'>,
  process: 'NDT-2',
  evidence: 'survey 7',
  validFrom: later(-10),
  validTo: null,
  grantedBy: 'eve',
  grantedAt: at,
  revoked: null,
  ...changes,
})

test.each<[string, GateKind, Changes, boolean, string]>([
  ['a released order', 'order-state', {}, true, 'WO-1 is released'],
  ['a created order', 'order-state', { order: { ...clear.order, state: 'created' } }, false, 'only a released order'],
  ['a closed order', 'order-state', { order: { ...clear.order, state: 'closed' } }, false, 'WO-1 is closed'],
  ['an order without a hold', 'order-held', {}, true, 'WO-1 is not held'],
  [
    'an order that somebody holds',
    'order-held',
    { order: { ...clear.order, holds: [hold()] } },
    false,
    'held by eve: drawing in doubt',
  ],
  [
    'an order that a lot holds',
    'order-held',
    {
      order: { ...clear.order, holds: [hold({ cause: 'material', subject: 'PP-1', reason: 'PP-1 is in quarantine' })] },
    },
    false,
    'because of material PP-1',
  ],
  ['everything before is done', 'sequence', {}, true, 'before operation 20 is done'],
  [
    'a piece that was not laid up',
    'sequence',
    { before: [{ sequence: 10, name: 'Lay up', codes: ['B-1'] }] },
    false,
    'B-1 must first go through operation 10 (Lay up)',
  ],
  [
    'the instruction that the order keeps',
    'instruction',
    { ...instruction, instruction: kept },
    true,
    'WI-CURE version 2',
  ],
  [
    'a version superseded since, which the order keeps',
    'instruction',
    { ...instruction, instruction: { ...kept, state: 'retired' } },
    true,
    'as the order was released with',
  ],
  ['no instruction kept', 'instruction', instruction, false, 'without an effective instruction WI-CURE'],
  [
    'a draft kept',
    'instruction',
    { ...instruction, instruction: { version: 3, state: 'draft', effectiveAt: null } },
    false,
    'without an effective instruction',
  ],
  ['a machine that is fit', 'equipment-state', { equipment: oven() }, true, `${path}: running`],
  [
    'a machine that is down',
    'equipment-state',
    { equipment: oven({ condition: { fit: false, words: 'down since 07:12' } }) },
    false,
    'down since 07:12',
  ],
  [
    'a machine of which nobody tells',
    'equipment-state',
    { equipment: oven({ condition: { fit: null, words: 'nobody tells' } }) },
    true,
    'nobody tells',
  ],
  [
    'a machine that is out of service',
    'equipment-state',
    { equipment: oven({ outage: { path, since: later(-2), reason: 'door seal torn' } }) },
    false,
    `${path} is out of service since 2026-11-22 06:00 UTC: door seal torn`,
  ],
  [
    'equipment that is qualified for the special process',
    'equipment-qualification',
    { operation: special, equipment: oven({ qualified: [granted(), granted({ validTo: at })] }) },
    true,
    'is qualified for ndt-2',
  ],
  ...(
    [
      ['never', [], 'is not qualified for ndt-2: have it qualified'],
      ['for another process', [granted({ process: 'CURING' })], 'is not qualified for ndt-2: have it qualified'],
      ['no longer', [granted({ validTo: at })], 'since 2026-11-22 08:00 UTC: have it qualified anew'],
      ['not yet', [granted({ validFrom: later(1) })], 'before 2026-11-22 09:00 UTC'],
      ['and lost it', [granted({ revoked: { at, by: 'eve', reason: 'survey failed' } })], 'revoked by eve, survey'],
    ] as const
  ).map(([when, qualified, message]): [string, GateKind, Changes, boolean, string] => [
    `equipment that is qualified ${when}`,
    'equipment-qualification',
    { operation: special, equipment: oven({ qualified }) },
    false,
    message,
  ]),
  ['clean equipment', 'cleaning', { operation: { needsCleaning: true }, equipment: oven() }, true, 'is clean'],
  [
    'clean until now',
    'cleaning',
    { operation: { needsCleaning: true }, equipment: cleaning({ cleanUntil: at }) },
    false,
    'clean it again',
  ],
  [
    'clean a moment longer',
    'cleaning',
    { operation: { needsCleaning: true }, equipment: cleaning({ cleanUntil: (at + 1) as Instant }) },
    true,
    'is clean',
  ],
  [
    'dirty equipment',
    'cleaning',
    { operation: { needsCleaning: true }, equipment: cleaning({ status: 'dirty', lastUse: 'WO-0' }) },
    false,
    'dirty after WO-0',
  ],
  [
    'equipment in use for this order',
    'cleaning',
    { operation: { needsCleaning: true }, equipment: cleaning({ status: 'in-use', lastUse: 'WO-1' }) },
    true,
    'in use for WO-1',
  ],
  [
    'equipment in use for another',
    'cleaning',
    { operation: { needsCleaning: true }, equipment: cleaning({ status: 'in-use', lastUse: 'WO-0' }) },
    false,
    'in use for WO-0',
  ],
  [
    'equipment nobody cleaned',
    'cleaning',
    { operation: { needsCleaning: true }, equipment: cleaning({ status: 'unknown' }) },
    false,
    'Nobody recorded',
  ],
  [
    'the tool that is asked for',
    'tool',
    { operation: { tools: ['torque-wrench'] }, scannedAssets: scanned(gauge()) },
    true,
    'TRQ-01 is a torque-wrench',
  ],
  ['no tool', 'tool', { operation: { tools: ['torque-wrench'] } }, false, 'A torque-wrench is needed: scan it'],
  [
    'another tool',
    'tool',
    { operation: { tools: ['torque-wrench'] }, scannedAssets: scanned(gauge({ type: 'caliper' })) },
    false,
    'scan it',
  ],
  [
    'a tool that nobody knows',
    'tool',
    { scannedAssets: scanned(undefined) },
    false,
    'There is no tool or gauge NONE-1',
  ],
  [
    'before the start, a tool that there is',
    'tool',
    { operation: { tools: ['torque-wrench'] }, scannedAssets: null, assets: [gauge()] },
    true,
    'scan it at the start',
  ],
  [
    'before the start, only a tool that may not be used',
    'tool',
    { operation: { tools: ['torque-wrench'] }, scannedAssets: null, assets: [gauge({ outOfTolerance: true })] },
    false,
    'There is no torque-wrench that may be used',
  ],
  ['a gauge in calibration', 'calibration', { scannedAssets: scanned(gauge()) }, true, 'TRQ-01 may be used until'],
  [
    'a gauge whose calibration ends now',
    'calibration',
    { scannedAssets: scanned(gauge({ calibrationDueAt: at })) },
    false,
    'ran out',
  ],
  [
    'a gauge found out of tolerance',
    'calibration',
    { scannedAssets: scanned(gauge({ outOfTolerance: true })) },
    false,
    'out of tolerance',
  ],
  [
    'a gauge out of service',
    'calibration',
    { scannedAssets: scanned(gauge({ state: 'out-of-service' })) },
    false,
    'out of service',
  ],
  [
    'a tool that needs none',
    'calibration',
    { scannedAssets: scanned(gauge({ needsCalibration: false, calibrationDueAt: null })) },
    true,
    'TRQ-01 may be used',
  ],
  ['nothing held', 'material-status', {}, true, 'Nothing that is worked on'],
  [
    'a quarantined lot in it',
    'material-status',
    { suspect: [lot({ status: 'quarantine', statusReason: 'void report' })] },
    false,
    'PP-2291 is in quarantine (void report)',
  ],
  ['the right roll', 'wrong-material', roll(), true, 'as the bill of material says'],
  ['an alternate', 'wrong-material', roll({}, ['OTHER', 'prepreg']), true, 'as the bill of material says'],
  ['another material', 'wrong-material', roll({}, ['RESIN']), false, 'RESIN is built in'],
  ['material where none is built in', 'wrong-material', roll({}, []), false, 'nothing is built in'],
  ['a code that nobody knows', 'wrong-material', { unknownCodes: ['XYZ'] }, false, 'XYZ is no lot'],
  ['a roll in quarantine', 'material-status', roll({ status: 'quarantine' }), false, 'in quarantine'],
  ['a roll that expired now', 'material-expiry', roll({ expiresAt: at }), false, 'PP-2291 expired'],
  ['a roll without its certificate', 'certificate', roll({ certificateNeeded: true }), false, 'certificate'],
  [
    'a roll that was out too long',
    'out-life',
    roll({ outLife: { limitSeconds: 864_000, usedSeconds: 868_200, outSince: at, at } }),
    false,
    'out for 241 h 10 min of 240 h',
  ],
  [
    'the released program',
    'program',
    { operation: { program }, equipment: oven({ program }) },
    true,
    'has loaded PLATE-1.nc',
  ],
  [
    'another text under its name',
    'program',
    { operation: { program }, equipment: oven({ program: { ...program, sha256: 'b'.repeat(64) } }) },
    false,
    'another text under the name PLATE-1.nc',
  ],
  [
    'another program',
    'program',
    { operation: { program }, equipment: oven({ program: { name: 'P-2.nc', sha256: 'b'.repeat(64) } }) },
    false,
    'P-2.nc instead of PLATE-1.nc',
  ],
  [
    'a machine that tells the name of its program alone',
    'program',
    { operation: { program }, equipment: oven({ program: { ...program, sha256: null } }) },
    true,
    'says that it has loaded PLATE-1.nc, and not its text',
  ],
  [
    'a machine that tells another name alone',
    'program',
    { operation: { program }, equipment: oven({ program: { name: 'P-2.nc', sha256: null } }) },
    false,
    'P-2.nc instead of PLATE-1.nc',
  ],
  [
    'a machine that does not tell its program',
    'program',
    { operation: { program }, equipment: oven() },
    true,
    'It is not known which program',
  ],
])('[EXE-1] %s: gate %s', (_words, kind, changes, isOpen, message) => {
  const found = gatesOf(changes, kind)
  expect(found.at(-1)).toMatchObject({ open: isOpen, message: expect.stringContaining(message) })
})

test.each<[string, Qualification[], boolean, string]>([
  ['somebody who is', [skill()], true, 'ada is qualified for NDT-2'],
  ['somebody who never was', [], false, 'not qualified for NDT-2'],
  ['one that ends now', [skill({ validTo: at })], false, 'ended 2026-11-22 08:00 UTC'],
  ['one that begins later', [skill({ validFrom: later(1) })], false, 'begins 2026-11-22 09:00 UTC'],
  ['one that was revoked', [skill({ revoked: { at, by: 'eve', reason: 'lapsed' } })], false, 'was revoked'],
  ['one on this version of the instruction', [skill({ onlyFor: 'WI-CURE@2' })], true, 'is qualified'],
  ['one on this version of the routing', [skill({ onlyFor: 'R-BRK@1' })], true, 'is qualified'],
  ['one on the version before', [skill({ onlyFor: 'WI-CURE@1' })], false, 'on WI-CURE@1, and this is WI-CURE@2'],
])('[AS-8.5.1.1!] a qualification of %s', (_words, qualifications, isOpen, message) => {
  const [gate] = gatesOf(
    { operation: { skills: ['NDT-2'] }, person: { ...clear.person, qualifications } },
    'qualification',
  )
  expect(gate).toMatchObject({ open: isOpen, subject: 'NDT-2', message: expect.stringContaining(message) })
})

test('[EXE-3] an override opens its own kind and subject, and nothing else', () => {
  const override = { id: 'o' as Id<'GateOverride'>, kind: 'calibration' as const, subject: 'trq-01' }
  const expired = { calibrationDueAt: at }
  const two = [...scanned(gauge(expired)), ...scanned(gauge({ ...expired, code: 'TRQ-02' }))]
  const found = gatesOf({ scannedAssets: two, overrides: [override] }, 'calibration')
  expect(found.map(({ subject, open, override: by }) => [subject, open, by])).toEqual([
    ['TRQ-01', true, 'o'],
    ['TRQ-02', false, null],
  ])
})

test.each<GateKind>(['order-held', 'order-state', 'sequence', 'wrong-material'])(
  '[EXE-3!] nobody opens %s by signature, not even with an override in the record',
  (kind) => {
    const closed: Changes = {
      order: { code: 'WO-1', state: 'created', holds: [hold({ subject: 'x' })] },
      before: [{ sequence: 10, name: 'Lay up', codes: ['B-1'] }],
      ...roll({}, []),
    }
    const subject = gatesOf(closed, kind)[0]?.subject ?? null
    const overrides = [{ id: 'o' as Id<'GateOverride'>, kind, subject }]
    expect(gatesOf({ ...closed, overrides }, kind)).toMatchObject([{ open: false, overridable: false, override: null }])
    expect(isOverridable(kind)).toBe(false)
  },
)

test('[EXE-1!] a refusal names every closed gate in words and data; where only the person is in the way it is forbidden', () => {
  const untrained = evaluateGates(facts({ operation: { skills: ['NDT-2'] } }))
  const refused = (gates: Gate[]) => {
    try {
      assertGatesOpen('WO-1 cannot be started', gates)
    } catch (error) {
      return error
    }
    return undefined
  }
  expect(refused(untrained)).toMatchObject({ kind: 'forbidden', code: 'execution.gate-closed' })
  const both = evaluateGates(facts({ operation: { skills: ['NDT-2'], tools: ['caliper'] } }))
  expect(refused(both)).toMatchObject({
    kind: 'conflict',
    message: expect.stringMatching(/ada is not qualified.*A caliper is needed/),
    details: { gates: [{ kind: 'qualification' }, { kind: 'tool' }] },
  })
  expect(refused(evaluateGates(clear))).toBeUndefined()
})
