import type { Id, Instant } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import type { Lot, OperationRun, Order, RecordRef, Role, SignatureInput, StepEntry } from '@throughline/model'
import {
  activatePerson,
  adoptDefinitions,
  adoptMaterialDefinitions,
  approvePerson,
  correctStep,
  createOrder,
  decodeSampleBatch,
  encodeSampleBatch,
  grantQualification,
  invitePerson,
  listOrderRuns,
  openDeviation,
  openSession,
  prepareSignature,
  qualifyEquipment,
  receiveLot,
  recordCalibration,
  recordInspection,
  recordStep,
  registerAsset,
  releaseOrder,
  startRun,
  verifyStep,
} from '@throughline/model'
import type { Actor, SessionEffects } from '@throughline/platform'
import { nobody, systemActor } from '@throughline/platform'
import { actorWith } from '@throughline/testkit'
import type { StartedTraceability } from './start-traceability.ts'

const password = 'correct horse battery'
const reason = 'as it should be'
const day = 86_400_000_000
const system = systemActor('test')

/** Two frames that were begun: everything that a record of how a piece was made may have to tell happened to the first. */
export interface Frames {
  readonly order: Order
  readonly run: OperationRun
  readonly film: Lot
  /** Frame 1 and frame 2. */
  readonly codes: readonly [string, string]
  readonly subjects: readonly [Id<'Lot'>, Id<'Lot'>]
  /** The entry that stands, which replaced the first one and was confirmed. */
  readonly gap: StepEntry
}

const steps = [
  {
    key: 'film',
    title: { en: 'Take film' },
    per: 'piece',
    ask: { type: 'scan', expects: 'material', bomPosition: 10 },
  },
  {
    ...{ key: 'gap', title: { en: 'Measure the gap' }, per: 'piece', secondPerson: true },
    ask: { type: 'number', unit: 'mm', low: 9, high: 11, gauge: 'caliper' },
  },
  { key: 'look', title: { en: 'Look at it' }, ask: { type: 'check' } },
]

/** Makes materials, an instruction, a routing, people, a gauge and two frames in hand at the oven, an hour long. */
export async function makeFrames(plant: StartedTraceability): Promise<Frames> {
  const { platform, clock, anybody, nodeId } = plant
  const document = { document: 'release list 2', reason: 'set up' }
  const plain = { unit: '1', quarantineOnReceipt: false } as const
  await platform.run(adoptMaterialDefinitions, system, {
    materials: [
      { ...plain, code: 'FILM', name: 'Film', kind: 'raw', control: 'lot', needsCertificate: true },
      { ...plain, code: 'FRAME', name: 'Frame', kind: 'product', control: 'serial' },
    ],
    boms: [{ product: 'FRAME', lines: [{ position: 10, material: 'FILM', quantity: decimalOf(2), unit: '1' }] }],
    ...document,
  })
  await platform.run(adoptDefinitions, system, {
    instructions: [{ code: 'WI-2', title: { en: 'Cure a frame' }, steps }],
    workDefinitions: [
      {
        ...{ code: 'R-2', product: 'FRAME', drawing: { number: 'D-7', revision: 'C' } },
        operations: [
          {
            ...{ sequence: 10, name: 'Cure', at: { path: 'Works/North/Cure' }, batchSize: 50, bomPositions: [10] },
            ...{ skills: ['CURING'], instruction: 'WI-2', specialProcess: true },
            parameters: [
              {
                name: 'Temperature',
                tag: 'Temperature',
                unit: 'Cel',
                low: 100,
                target: 150,
                high: 200,
                critical: true,
              },
            ],
          },
          { sequence: 20, name: 'Trim', at: { path: 'Works/North/Cure' } },
        ],
      },
    ],
    ...document,
  })
  const [otto, vera] = [await signedIn(plant, 'otto', 'operator'), await signedIn(plant, 'vera', 'operator')]
  await platform.run(grantQualification, anybody, {
    ...{ personId: otto.id as Id<'Person'>, skill: 'CURING', evidence: 'course 12' },
    validFrom: (clock.now() - day) as Instant,
  })
  const quinn = await signedIn(plant, 'quinn', 'quality')
  await platform.run(qualifyEquipment, quinn, {
    ...{ nodeId: nodeId('Works/North/Cure'), process: 'CURING', evidence: 'survey of the oven' },
    validFrom: (clock.now() - day) as Instant,
    signature: { meaning: 'approved', reason, shown: null, proof: { method: 'password', name: 'quinn', password } },
  })
  const kept = { kind: 'gauge', type: 'caliper', nodeId: null, needsCalibration: true, intervalDays: 365 } as const
  const gauge = await platform.run(registerAsset, system, { ...kept, code: 'CAL-1' })
  await platform.run(recordCalibration, system, {
    ...{ assetId: gauge.id, at: (clock.now() - day) as Instant, asFound: 'in-tolerance', asLeft: 'in-tolerance' },
    ...{ certificate: 'K-1', dueAt: (clock.now() + 30 * day) as Instant },
  })
  const film = await platform.run(receiveLot, anybody, {
    ...{ material: 'FILM', code: 'F-1', quantity: decimalOf(10), nodeId: nodeId('Works/North/Cure') },
    ...{ supplier: 'Supplier', supplierLot: 'S-77', certificate: { number: 'CERT-9' } },
  })
  const wanted = { product: 'FRAME', quantity: decimalOf(2), siteId: nodeId('Works/North'), reference: 'project 4' }
  const created = await platform.run(createOrder, anybody, wanted)
  const order = await platform.run(releaseOrder, anybody, { orderId: created.id, version: created.version })
  const [ready] = await platform.run(listOrderRuns, anybody, { orderId: order.id })
  if (ready === undefined) throw new Error('the order has no operation')
  const oven = { nodeId: nodeId('Works/North/Cure/OVEN-1') }
  const run = await platform.run(startRun, otto, { runId: ready.id, ...oven, tools: ['CAL-1'] })
  const [one, two] = run.subjects as [Id<'Lot'>, Id<'Lot'>]
  clock.advanceMs(600_000)
  const record = (step: string, subject: Id<'Lot'>, value: object) =>
    platform.run(recordStep, otto, { runId: run.id, step, subject, value: value as never })
  await record('film', one, { type: 'scan', code: 'F-1' })
  await record('film', two, { type: 'scan', code: 'F-1' })
  const first = await record('gap', one, { type: 'number', value: 10.1, gauge: 'CAL-1' })
  clock.advanceMs(60_000)
  const value = { type: 'number', value: 10.5, gauge: 'CAL-1' } as const
  const corrected = await platform.run(correctStep, otto, { entryId: first.id, value, reason: 'read wrong' })
  clock.advanceMs(60_000)
  const gap = await verify(plant, corrected, vera)
  await plant.platform.idle()
  const [codeOne = '', codeTwo = ''] = run.subjectCodes
  return { order, run, film, codes: [codeOne, codeTwo], subjects: [one, two], gap }
}

/** Readings of the oven by minutes since a moment; null = it told nothing usable. */
export async function tellTemperatures(
  { historian, directory }: Pick<StartedTraceability, 'historian' | 'directory'>,
  since: Instant,
  readings: readonly (readonly [minute: number, value: number | null])[],
  batch = 1,
): Promise<void> {
  const tag = directory.list().find(({ name }) => name === 'Temperature')
  if (tag === undefined) throw new Error('the oven has no temperature')
  const samples = readings.map(([minute, value]) => {
    const at = (since + minute * 60_000_000) as Instant
    return { tag: tag.id, at, serverAt: at, value, status: value === null ? 0x80000000 : 0 }
  })
  await historian.append(decodeSampleBatch(encodeSampleBatch('agent', batch, samples)))
}

/** What is found out about the first frame: it was measured, and a deviation stands open. */
export async function inspectFrame({ platform, clock, anybody, nodeId }: StartedTraceability, frames: Frames) {
  const [piece] = frames.codes
  await platform.run(recordInspection, anybody, {
    ...{ kind: 'final', piece, runId: frames.run.id, gauge: 'CAL-1', at: clock.now() },
    results: [
      {
        ...{ characteristic: '12', name: 'Gap', unit: 'mm', nominal: 10, low: 9, high: 11, measured: 10.4 },
        status: 'pass',
      },
    ],
  })
  return platform.run(openDeviation, anybody, {
    ...{ title: 'Scratch', description: 'a scratch', severity: 'minor', about: 'the surface', at: clock.now() },
    ...{ lots: [piece], nodeId: nodeId('Works/North/Cure') },
  })
}

type SignedIn = Actor

/** Somebody with a role in the whole plant, who is signed in and can sign. */
export async function signedIn({ platform }: StartedTraceability, name: string, role: Role): Promise<SignedIn> {
  const wanted = { name, printedName: name, grants: [{ role, nodeId: null }], identityChecked: 'passport seen' }
  const { person, activation } = await platform.run(invitePerson, actorWith(['identity.person.write']), wanted)
  const approver = actorWith(['identity.person.approve'])
  const link = activation ?? (await platform.run(approvePerson, approver, { personId: person.id })).activation
  await platform.run(activatePerson, nobody('192.0.2.1'), { token: link.path.split('#')[1] ?? '', password })
  let held = ''
  const session: SessionEffects = {
    start(given) {
      held = given
    },
    end() {},
  }
  await platform.run(openSession, nobody('192.0.2.1'), { name, password }, { session })
  return platform.authenticate({ session: held }, '192.0.2.1')
}

/** What somebody gives to sign a record as it stands. */
export async function signatureOn(
  { platform }: StartedTraceability,
  by: Actor,
  record: RecordRef,
  meaning: SignatureInput['meaning'],
): Promise<SignatureInput> {
  const { current: shown } = await platform.run(prepareSignature, by, { record })
  return { meaning, reason, shown, proof: { method: 'password', name: by.name, password } }
}

async function verify(plant: StartedTraceability, entry: StepEntry, by: Actor): Promise<StepEntry> {
  const signature = await signatureOn(plant, by, { kind: 'execution.step_entry', id: entry.id }, 'verified')
  return plant.platform.run(verifyStep, by, { entryId: entry.id, signature })
}
