import type { OperationRun, Order, SignatureInput, StepEntry } from '@throughline/model'
import {
  adoptDefinitions,
  cancelOrder,
  closeOrder,
  completeRun,
  correctStep,
  endOrderHold,
  getLot,
  getRun,
  grantQualification,
  holdOrder,
  listAuditEntries,
  listQualifications,
  pauseRun,
  permissions,
  prepareSignature,
  receiveLot,
  recordStep,
  releaseOrder,
  reportRun,
  resumeRun,
  startRun,
  verifyStep,
} from '@throughline/model'
import type { Actor } from '@throughline/platform'
import { actorWith } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openHolds } from './order/rules.ts'
import { jobTransitions } from './testing/job-control.ts'
import type { StartedExecution } from './testing/start-execution.ts'
import { password, startExecution } from './testing/start-execution.ts'

let plant: StartedExecution
let operator: Actor
let operatorId: string
let second: Actor
const bench = 'Aurora/AERO/Bench'

/** Material that a second person confirms, a check for what was left behind, and a test that not everybody may do. */
const instruction = {
  code: 'WI-TEST',
  title: { en: 'Build and test' },
  steps: [
    {
      ...{ key: 'ply', title: { en: 'Lay ply' }, per: 'piece', secondPerson: true },
      ask: { type: 'scan', expects: 'material', bomPosition: 10 },
    },
    { key: 'fod', title: { en: 'Nothing left inside' }, ask: { type: 'check' }, onBreach: 'refuse' },
    {
      ...{ key: 'leak', title: { en: 'Leak test' }, skill: 'LEAK-TEST', onBreach: 'reason' },
      ask: { type: 'number', unit: 'mbar', low: 0, high: 20 },
    },
  ],
}

beforeAll(async () => {
  plant = await startExecution()
  const { platform, anybody } = plant
  const given = { document: 'list 1', reason: 'set up' }
  await platform.run(adoptDefinitions, anybody, { ...given, instructions: [instruction] })
  const at = { path: bench }
  await plant.route('R-MIX', 'MIX', [{ sequence: 10, name: 'Mix', at }])
  await plant.route('R-BRK', 'BRK', [
    { sequence: 10, name: 'Build', at, bomPositions: [10], instruction: 'WI-TEST', reworkTo: 10 },
  ])
  const otto = await plant.someone('otto', 'operator')
  operator = otto.actor
  operatorId = otto.person.id
  second = (await plant.someone('susi', 'supervisor')).actor
})
afterAll(() => plant?.close())
beforeEach(() => plant.clock.advanceMs(1000))

const refused = (code: string, words: string | RegExp = '') =>
  expect.objectContaining({ code: `execution.${code}`, message: expect.stringMatching(words) })

// —— orders as jobs ——

type Job = { order: Order; run: OperationRun | undefined }
const jobNow = async ({ id }: Pick<Order, 'id'>): Promise<Job> => {
  const order = await plant.again({ id })
  return { order, run: (await plant.runsOf(order)).at(-1) }
}

/** The state of a job order that an order with one operation is in. */
function jobState({ order, run }: Job): string {
  const isHeld = openHolds(order.holds).length > 0
  switch (order.state) {
    case 'created':
      return 'NotAllowedToStart'
    case 'released':
      return isHeld ? 'NotAllowedToStart' : 'AllowedToStart'
    case 'running':
      return isHeld || run?.state === 'paused' ? 'Interrupted' : 'Running'
    case 'completed':
    case 'closed':
      return 'Ended'
    case 'cancelled':
      return 'Aborted'
  }
}

const reason = 'asked for by the plan'
const runOf = ({ run }: Job) => ({ runId: run?.id as OperationRun['id'], version: run?.version ?? 1 })
const orderOf = ({ order: { id: orderId, version } }: Job) => ({ orderId, version })
/** What somebody can ask for, and the methods of the standard that it is. */
const deeds: Readonly<Record<string, readonly [methods: readonly (string | null)[], (job: Job) => Promise<unknown>]>> =
  {
    release: [['Start'], (job) => plant.platform.run(releaseOrder, plant.anybody, { ...orderOf(job), codes: [] })],
    begin: [[null], (job) => plant.platform.run(startRun, operator, { ...runOf(job), nodeId: plant.node(bench) })],
    pause: [['Pause'], (job) => plant.platform.run(pauseRun, operator, { ...runOf(job), reason })],
    resume: [['Resume'], (job) => plant.platform.run(resumeRun, operator, runOf(job))],
    complete: [['Stop'], (job) => plant.platform.run(completeRun, operator, runOf(job))],
    hold: [
      ['RevokeStart', 'Pause'],
      ({ order: { id: orderId } }) => plant.platform.run(holdOrder, plant.anybody, { orderId, reason }),
    ],
    'end-hold': [
      ['Start', 'Resume'],
      ({ order: { id: orderId, holds } }) =>
        plant.platform.run(endOrderHold, plant.anybody, { orderId, holdId: holds.at(-1)?.id as never, reason }),
    ],
    cancel: [['Abort'], (job) => plant.platform.run(cancelOrder, plant.anybody, { ...orderOf(job), reason })],
    close: [['Clear'], (job) => plant.platform.run(closeOrder, plant.anybody, { ...orderOf(job), reason })],
  }

async function jobAfter(done: readonly string[]): Promise<Job> {
  let job = await jobNow(await plant.order('MIX', '10'))
  for (const name of done) {
    await deeds[name]?.[1](job)
    job = await jobNow(job.order)
  }
  return job
}

const begun = ['release', 'begin']
/** How an order comes there, and all that may be asked of it then, with the state that this leads to. */
const situations: Readonly<Record<string, readonly [done: readonly string[], may: Readonly<Record<string, string>>]>> =
  {
    created: [[], { release: 'AllowedToStart', hold: 'NotAllowedToStart', cancel: 'Aborted' }],
    released: [['release'], { begin: 'Running', hold: 'NotAllowedToStart', cancel: 'Aborted' }],
    'released and held': [
      ['release', 'hold'],
      { hold: 'NotAllowedToStart', 'end-hold': 'AllowedToStart', cancel: 'Aborted' },
    ],
    running: [begun, { pause: 'Interrupted', complete: 'Ended', hold: 'Interrupted' }],
    paused: [[...begun, 'pause'], { resume: 'Running', hold: 'Interrupted' }],
    'running and held': [[...begun, 'hold'], { pause: 'Interrupted', hold: 'Interrupted', 'end-hold': 'Running' }],
    completed: [[...begun, 'complete'], { hold: 'Ended', close: 'Ended' }],
    closed: [[...begun, 'complete', 'close'], {}],
    cancelled: [['release', 'cancel'], {}],
  }

test.each(Object.entries(situations))(
  '[JOB-1!] an order that is %s goes where ISA-95 job control says; every other method is refused in words and changes nothing',
  async (_situation, [done, may]) => {
    const job = await jobAfter(done)
    const from = jobState(job)
    for (const [name, [, ask]] of Object.entries(deeds)) {
      if (may[name] !== undefined) continue
      const error = await ask(job).catch((refusal: unknown) => refusal)
      expect(error, name).toMatchObject({ name: 'DomainError' })
      expect(error, name).not.toMatchObject({ kind: 'defect' })
    }
    expect(await jobNow(job.order)).toEqual(job)
    for (const [at, [name, to]] of Object.entries(may).entries()) {
      const asked = at === 0 ? job : await jobAfter(done)
      const [methods, ask] = deeds[name] ?? [[], async () => undefined]
      await ask(asked)
      expect(jobState(await jobNow(asked.order)), name).toBe(to)
      const isListed = jobTransitions.some((each) => each[0] === from && methods.includes(each[1]) && each[2] === to)
      // One hold more, or a record that is closed, changes nothing of where the job stands.
      expect(isListed || from === to, `${from} ${name} ${to}`).toBe(true)
    }
  },
)

// —— work as its instruction asks ——

async function begin(attempt = 1, order?: Pick<Order, 'id'>): Promise<OperationRun> {
  const runs = await plant.runsOf(order ?? (await plant.released('BRK', 1)))
  const run = runs.find((each) => each.attempt === attempt)
  if (run === undefined) throw new Error('there is no such run')
  return plant.platform.run(startRun, operator, { runId: run.id, nodeId: plant.node(bench) })
}
const record = (run: OperationRun, step: string, value: object, more: object = {}): Promise<StepEntry> =>
  plant.platform.run(recordStep, operator, { runId: run.id, step, value: value as never, ...more })
const lay = (run: OperationRun, code: string): Promise<StepEntry> =>
  record(run, 'ply', { type: 'scan', code }, { subject: run.subjects[0] })
const leak = (run: OperationRun, value: number, why = ''): Promise<StepEntry> =>
  record(run, 'leak', { type: 'number', value }, { reason: why })
const complete = async ({ id: runId }: OperationRun): Promise<OperationRun> => {
  const { version } = (await plant.platform.run(getRun, operator, { runId })).run
  return plant.platform.run(completeRun, operator, { runId, version })
}
async function confirm({ id }: StepEntry, by: Actor): Promise<StepEntry> {
  const asked = { record: { kind: 'execution.step_entry', id } }
  const { current } = await plant.platform.run(prepareSignature, by, asked)
  const signature: SignatureInput = {
    ...{ meaning: 'verified', reason: 'read the label', shown: current },
    proof: { method: 'password', name: by.name, password },
  }
  return plant.platform.run(verifyStep, by, { entryId: id, signature })
}
const qualify = (more: object) =>
  plant.platform.run(grantQualification, actorWith(permissions), {
    ...{ personId: operatorId as never, skill: 'LEAK-TEST', evidence: 'course 12', validFrom: plant.clock.now() },
    ...more,
  })
const left = async (lot: { id: string }) =>
  (await plant.platform.run(getLot, plant.anybody, { lotId: lot.id as never })).quantity

test('[211.101d!, A11-6!, P11-10f-1!] a component is added by one person and confirmed by another before anything else; what is wrong, expired or in quarantine is not', async () => {
  const roll = await plant.receive('PREPREG', 'PP-1', '10')
  await plant.receive('RIVET', 'RV-1', '10')
  await plant.setStatus(await plant.receive('PREPREG', 'PP-Q', '10'), 'quarantine')
  const soon = { expiresAt: (plant.clock.now() + 1000) as never, supplier: 'S', supplierLot: '1', certificate: null }
  const where = { material: 'PREPREG', quantity: '10' as never, nodeId: plant.node('Aurora/AERO') }
  await plant.platform.run(receiveLot, plant.anybody, { ...where, ...soon, code: 'PP-X' })
  plant.clock.advanceMs(1000)
  const run = await begin()
  await expect(record(run, 'fod', { type: 'check', done: true })).rejects.toEqual(refused('step-too-early', 'Lay ply'))
  await expect(lay(run, 'RV-1')).rejects.toEqual(refused('gate-closed', 'RV-1 is RIVET'))
  await expect(lay(run, 'PP-Q')).rejects.toEqual(refused('gate-closed', 'in quarantine'))
  await expect(lay(run, 'PP-X')).rejects.toEqual(refused('gate-closed', 'expired'))
  const laid = await lay(run, 'PP-1')
  expect(await left(roll)).toBe('8.5')
  await expect(confirm(laid, operator)).rejects.toEqual(refused('same-person'))
  await expect(record(run, 'fod', { type: 'check', done: true })).rejects.toEqual(
    refused('step-too-early', 'second person'),
  )
  expect(await confirm(laid, second)).toMatchObject({ by: { name: 'otto' }, verified: { by: { name: 'susi' } } })
})

test('[AS-8.1.3!, P11-10i!] nothing is completed before somebody looked for what was left behind; a test is done by who is qualified for this version of it then', async () => {
  const roll = await plant.receive('PREPREG', 'PP-2', '10')
  const run = await begin()
  await confirm(await lay(run, 'PP-2'), second)
  await expect(record(run, 'fod', { type: 'check', done: false })).rejects.toEqual(refused('step-refused', 'not done'))
  await expect(complete(run)).rejects.toEqual(refused('steps-outstanding', 'Nothing left inside'))
  await record(run, 'fod', { type: 'check', done: true })
  const untrained = refused('gate-closed', 'otto is not qualified for LEAK-TEST')
  await expect(leak(run, 12)).rejects.toEqual(untrained)
  await qualify({ onlyFor: 'WI-TEST@2' })
  await expect(leak(run, 12)).rejects.toEqual(refused('gate-closed', 'on WI-TEST@2, and this is WI-TEST@1'))
  await qualify({ validTo: (plant.clock.now() + 1000) as never })
  plant.clock.advanceMs(1)
  await expect(leak(run, 12)).rejects.toEqual(refused('gate-closed', 'LEAK-TEST ended'))
  const asked = { operation: recordStep.name, outcome: 'refused' as const }
  expect((await plant.platform.run(listAuditEntries, actorWith(permissions), asked)).length).toBeGreaterThan(2)
  const { id } = await qualify({ onlyFor: 'WI-TEST@1' })
  expect(await leak(run, 12)).toMatchObject({ within: true, by: { name: 'otto' } })
  const at = plant.clock.now()
  const held = await plant.platform.run(listQualifications, plant.anybody, { personId: operatorId as never, at })
  expect(held).toContainEqual(expect.objectContaining({ id, onlyFor: 'WI-TEST@1', evidence: 'course 12' }))
  expect(await complete(run)).toMatchObject({ state: 'completed' })
  expect(await left(roll)).toBe('8.5')
})

test('[AL-Complete-1!] work that failed, was repeated or was broken off keeps its record, and nobody takes any of it away', async () => {
  await plant.receive('PREPREG', 'PP-3', '10')
  await qualify({})
  const order = await plant.released('BRK', 1)
  const first = await begin(1, order)
  await confirm(await lay(first, 'PP-3'), second)
  await record(first, 'fod', { type: 'check', done: true })
  const failed = await leak(first, 34, 'seal was creased')
  plant.clock.advanceMs(1000)
  const repeated = await plant.platform.run(correctStep, operator, {
    ...{ entryId: failed.id, value: { type: 'number', value: 31, gauge: null }, reason: 'measured once more' },
  })
  const lotId = first.subjects[0] ?? null
  const report = (run: OperationRun, told: object) =>
    plant.platform.run(reportRun, operator, {
      runId: run.id,
      version: run.version,
      good: '0' as never,
      ...told,
    } as never)
  await report(first, { scrap: [], rework: [{ quantity: '1', reason: 'leaks', lotId }] })
  await complete(first)
  const again = await begin(2, order)
  await report(again, { scrap: [{ quantity: '1', reasonId: null, reason: 'torn', lotId }] })
  await complete(again)
  expect((await plant.runsOf(order)).map(({ attempt, state, good }) => [attempt, state, good])).toEqual([
    [1, 'completed', '0'],
    [2, 'completed', '0'],
  ])
  const { entries } = await plant.platform.run(getRun, operator, { runId: first.id })
  expect(entries.filter(({ step }) => step === 'leak')).toMatchObject([
    { id: failed.id, within: false, value: { value: 34 }, reason: 'seal was creased', replacedAt: repeated.recordedAt },
    { id: repeated.id, within: false, value: { value: 31 }, corrects: failed.id },
  ])
  for (const table of ['step_entry', 'step_signature', 'report']) {
    const taken = sql`delete from ${sql.table(`execution.${table}`)}`.execute(plant.database.owner)
    await expect(taken, table).rejects.toThrow(/never changes/)
  }
  const cancelled = await jobAfter(['release', 'cancel'])
  expect(cancelled.run).toMatchObject({ state: 'skipped', pauseReason: expect.stringContaining(reason) })
})
