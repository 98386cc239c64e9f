import type { DomainEvents, Gate, OperationRun, SignatureInput } from '@throughline/model'
import {
  checkGates,
  completeRun,
  disqualifyEquipment,
  draftInstruction,
  getInstruction,
  getReadiness,
  grantQualification,
  listAuditEntries,
  listQualifiedEquipment,
  listRecordChanges,
  listSignatures,
  overrideGate,
  pauseRun,
  permissions,
  prepareSignature,
  qualifyEquipment,
  recordCalibration,
  registerAsset,
  resumeRun,
  signRecord,
  startRun,
} from '@throughline/model'
import type { Actor } from '@throughline/platform'
import { findHead } from '@throughline/platform'
import { actorWith } from '@throughline/testkit'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LoadedProgram, MachineCondition } from '../execution.ts'
import type { StartedExecution } from '../testing/start-execution.ts'
import { password, startExecution } from '../testing/start-execution.ts'
import { listProgramChecks } from './store.ts'

let plant: StartedExecution
let operator: Actor
let operatorId: string
let supervisor: Actor
const overridden: DomainEvents['execution.gate-overridden'][] = []
const machine: { condition: MachineCondition; program: LoadedProgram | undefined } = {
  condition: { fit: null, words: 'nobody tells' },
  program: undefined,
}
const program = { name: 'PLATE-1.nc', sha256: 'a'.repeat(64) }
const bench = 'Aurora/AERO/Bench'

beforeAll(async () => {
  plant = await startExecution({
    machineState: async () => machine.condition,
    loadedProgram: async () => machine.program,
  })
  plant.platform.on('execution.gate-overridden', 'test.overridden', async (_uow, event) => void overridden.push(event))
  const operations = [
    {
      sequence: 10,
      name: 'Rivet',
      at: { path: bench },
      skills: ['RIVETER'],
      tools: ['torque-wrench'],
      bomPositions: [10],
    },
    { sequence: 20, name: 'Mill', at: { path: bench }, program },
  ]
  await plant.route('R-BRK', 'BRK', operations)
  const otto = await plant.someone('otto', 'operator')
  operator = otto.actor
  operatorId = otto.person.id
  supervisor = (await plant.someone('susi', 'supervisor')).actor
})
afterAll(() => plant?.close())

const nodeId = () => plant.node(bench)
const runOf = async (index = 0): Promise<OperationRun> => {
  const run = (await plant.runsOf(await plant.released('BRK', 1)))[index]
  if (run === undefined) throw new Error('no run')
  return run
}
const start = (run: Pick<OperationRun, 'id'>, tools: string[] = [], by = operator) =>
  plant.platform.run(startRun, by, { runId: run.id, nodeId: nodeId(), tools })
const signature = (proof = password): SignatureInput => ({
  meaning: 'approved',
  reason: 'I answer for it',
  shown: null,
  proof: { method: 'password', name: 'susi', password: proof },
})
const override = (
  run: Pick<OperationRun, 'id'>,
  kind: Gate['kind'],
  subject: string | null,
  proof?: string,
  by = supervisor,
) =>
  plant.platform.run(overrideGate, by, {
    runId: run.id,
    kind,
    subject,
    reason: 'the customer waits, measured twice',
    signature: signature(proof),
  })
const wrench = async (code: string, dueInMs: number) => {
  const { platform, anybody, clock } = plant
  const kept = {
    code,
    kind: 'gauge' as const,
    type: 'torque-wrench',
    nodeId: null,
    needsCalibration: true,
    intervalDays: 365,
  }
  const { id: assetId } = await platform.run(registerAsset, anybody, kept)
  const at = clock.now()
  const good = { asFound: 'in-tolerance' as const, asLeft: 'in-tolerance' as const, certificate: 'K-1' }
  await platform.run(recordCalibration, anybody, { assetId, at, dueAt: at + dueInMs * 1000, ...good })
}

test('[AS-8.5.1.1!] a start is refused with every closed gate in words, audited, and possible once the person is qualified', async () => {
  await wrench('TRQ-1', 3_600_000)
  const run = await runOf()
  await expect(start(run)).rejects.toMatchObject({
    kind: 'conflict',
    code: 'execution.gate-closed',
    message: expect.stringMatching(/otto is not qualified for RIVETER.*A torque-wrench is needed: scan it/),
    details: {
      gates: [
        { kind: 'qualification', subject: 'RIVETER' },
        { kind: 'tool', subject: 'torque-wrench' },
      ],
    },
  })
  await expect(start(run, ['TRQ-1'])).rejects.toMatchObject({ kind: 'forbidden' })
  const auditor = actorWith(permissions)
  const asked = { operation: 'execution.run.start', outcome: 'refused' as const }
  const refusals = await plant.platform.run(listAuditEntries, auditor, asked)
  expect(refusals).toHaveLength(2)
  expect(refusals[0]).toMatchObject({ actor: operatorId, outcome: 'execution.gate-closed' })
  const validFrom = plant.clock.now()
  await plant.platform.run(grantQualification, supervisor, {
    personId: operatorId,
    skill: 'RIVETER',
    evidence: 'examined on the line',
    validFrom,
    validTo: validFrom + 7_200_000_000,
  })
  const begun = await start(run, ['TRQ-1'])
  expect(begun).toMatchObject({ state: 'running', tools: ['TRQ-1'] })
  // It is looked at again when the work goes on: by then the calibration of the wrench ran out.
  plant.clock.advanceMs(3_600_000)
  const { id: runId } = run
  const paused = await plant.platform.run(pauseRun, operator, { runId, version: begun.version, reason: 'break' })
  await expect(plant.platform.run(resumeRun, operator, { runId, version: paused.version })).rejects.toMatchObject({
    details: { gates: [{ kind: 'calibration', subject: 'TRQ-1' }] },
  })
})

test('[EXE-1] what a start would meet is told before it, with what would be scanned', async () => {
  await wrench('TRQ-2', 3_600_000)
  const roll = await plant.receive('PREPREG', 'PP-9', '50')
  await plant.receive('RIVET', 'RV-9', '50')
  await plant.setStatus(roll, 'blocked')
  const run = await runOf()
  const check = (scanned: string[]) => plant.platform.run(checkGates, operator, { runId: run.id, scanned })
  const closed = (gates: Gate[]) => gates.filter(({ open }) => !open).map(({ kind, subject }) => [kind, subject])
  expect(closed(await check(['trq-2', 'PP-9', 'RV-9', 'XX-1']))).toEqual([
    ['material-status', 'PP-9'],
    ['wrong-material', 'RV-9'],
    ['wrong-material', 'XX-1'],
  ])
  expect(closed(await check([]))).toEqual([['tool', 'torque-wrench']])
  // Before anything is scanned, it counts that there is a wrench that may be used.
  const ready = await plant.platform.run(getReadiness, operator, { orderId: run.orderId })
  expect(ready.map(({ sequence, gates }) => [sequence, closed(gates)])).toEqual([[10, []]])
})

test('[EXE-3!, SR-2.1-RE3] somebody answers for a closed gate by signature: it opens in that run for that subject alone, and is told once', async () => {
  await wrench('TRQ-3', 1000)
  plant.clock.advanceMs(1000)
  const [run, other] = [await runOf(), await runOf()]
  await expect(override(run, 'calibration', 'TRQ-3', 'wrong password')).rejects.toMatchObject({
    kind: 'unauthenticated',
  })
  await expect(override(run, 'calibration', 'TRQ-3', password, operator)).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(override(run, 'calibration', 'TRQ-2')).rejects.toMatchObject({ code: 'execution.gate-open' })
  const made = await override(run, 'calibration', 'TRQ-3')
  expect(made).toMatchObject({ by: 'susi', message: expect.stringContaining('TRQ-3 ran out') })
  const record = { kind: 'execution.gate_override', id: made.id }
  expect(await plant.platform.run(listSignatures, supervisor, { record })).toMatchObject([
    { meaning: 'approved', printedName: 'susi', state: 'valid' },
  ])
  const { title } = await plant.platform.run(prepareSignature, supervisor, { record })
  expect(title).toBe(
    `Going on with ${run.orderCode}, operation ${run.sequence} (${run.name}), although: ${made.message}`,
  )
  await expect(start(other, ['TRQ-3'])).rejects.toMatchObject({ details: { gates: [{ kind: 'calibration' }] } })
  expect(await start(run, ['TRQ-3'])).toMatchObject({ state: 'running' })
  await plant.platform.idle()
  // Nobody has begun: it concerns the place where the work is to be done.
  const about = { runId: run.id, nodeId: nodeId(), lots: run.subjects, by: 'susi' }
  expect(overridden).toMatchObject([{ overrideId: made.id, ...about }])
  await expect(
    sql`delete from execution.gate_override where id = ${made.id}`.execute(plant.database.owner),
  ).rejects.toThrow(/never changes/)
})

test('[AS-8.3-4, 211.186!] an instruction comes into force by the signatures of two people who did not write it', async () => {
  const [author, reviewer, releaser] = [
    (await plant.someone('eno', 'engineer')).actor,
    (await plant.someone('eva', 'engineer')).actor,
    (await plant.someone('quin', 'quality')).actor,
  ]
  const { platform } = plant
  const steps = [{ key: 'look', title: { en: 'Look' }, ask: { type: 'read' as const } }]
  const content = { code: 'WI-SIGNED', title: { en: 'Signed' }, steps, changeReason: 'first' }
  const { id: instructionId } = await platform.run(draftInstruction, author, content)
  const record = { kind: 'execution.instruction', id: instructionId }
  const sign = async (by: Actor, meaning: 'reviewed' | 'released') => {
    const shown = (await findHead(platform.db, record)) ?? null
    const proof = { method: 'password' as const, name: by.name, password }
    await platform.run(signRecord, by, { record, signature: { meaning, reason: 'read and right', shown, proof } })
    await platform.idle()
    return (await platform.run(getInstruction, by, { instructionId })).state
  }
  await expect(sign(author, 'reviewed')).rejects.toMatchObject({ code: 'identity.signature-by-author' })
  expect(await sign(reviewer, 'reviewed')).toBe('in-review')
  expect(await sign(releaser, 'released')).toBe('effective')
  // What was signed is what stands: the signatures stay valid.
  const signatures = await platform.run(listSignatures, author, { record })
  expect(signatures.map(({ meaning, state }) => [meaning, state])).toEqual([
    ['reviewed', 'valid'],
    ['released', 'valid'],
  ])
})

test.each(['order-held', 'order-state', 'sequence', 'wrong-material'] as const)(
  '[EXE-3!, SR-2.1-RE3!] nobody answers for %s: its cause is removed instead',
  async (kind) => {
    await expect(override(await runOf(1), kind, null)).rejects.toMatchObject({
      kind: 'forbidden',
      code: 'execution.gate-never-overridden',
    })
  },
)

test('[AS-8.5.1c!] the machine must have the released program loaded, and be fit, as far as anybody knows', async () => {
  await wrench('TRQ-4', 3_600_000)
  const rivet = await runOf()
  const { platform } = plant
  const begun = await start(rivet, ['TRQ-4'])
  await platform.run(completeRun, operator, { runId: rivet.id, version: begun.version })
  const mill = (await plant.runsOf({ id: rivet.orderId }))[1] ?? rivet
  machine.program = { name: 'PLATE-1.nc', sha256: 'b'.repeat(64) }
  machine.condition = { fit: false, words: 'down since 07:12: hydraulics' }
  await expect(start(mill)).rejects.toMatchObject({
    message: expect.stringMatching(/down since 07:12: hydraulics.*another text under the name PLATE-1.nc/),
    details: { gates: [{ kind: 'equipment-state' }, { kind: 'program' }] },
  })
  machine.program = undefined
  machine.condition = { fit: null, words: 'nobody tells' }
  const gates = await platform.run(checkGates, operator, { runId: mill.id })
  expect(gates.find(({ kind }) => kind === 'program')).toMatchObject({
    open: true,
    message: expect.stringContaining('not known'),
  })
  machine.program = program
  const startedAt = plant.clock.now()
  const milling = await start(mill)
  expect(milling).toMatchObject({ state: 'running' })
  const { version } = await platform.run(pauseRun, operator, {
    ...{ runId: mill.id, version: milling.version, reason: 'tea' },
  })
  machine.program = { name: 'OTHER.nc', sha256: null }
  await override(mill, 'program', 'PLATE-1.nc')
  await platform.idle()
  expect(overridden.at(-1)).toMatchObject({ runId: mill.id, nodeId: milling.nodeId })
  plant.clock.advanceMs(1000)
  await platform.run(resumeRun, operator, { runId: mill.id, version })
  // What the gate found is kept with the run, and nobody changes it.
  const at = plant.clock.now()
  expect(await listProgramChecks(platform.db, mill.id)).toEqual([
    { occasion: 'start', at: startedAt, expected: program, loaded: program, verdict: 'same' },
    { occasion: 'resume', at, expected: program, loaded: machine.program, verdict: 'other' },
  ])
  expect(await listProgramChecks(platform.db, rivet.id)).toEqual([])
  const record = { kind: 'execution.run', id: mill.id }
  const [last] = await platform.run(listRecordChanges, actorWith(permissions), { record })
  expect(last?.change.rows.map(({ table }) => table)).toContain('execution.program_check')
  const change = sql`update execution.program_check set verdict = 'same'`.execute(plant.database.owner)
  await expect(change).rejects.toThrow(/never changes/)
  machine.program = undefined
})

test('[AS-8.5.1.1!] a special process begins only on equipment that is qualified for it, by signature and until it is revoked', async () => {
  const { platform, anybody } = plant
  const quinn = (await plant.someone('quinn', 'quality')).actor
  const cure = {
    sequence: 10,
    name: 'Cure',
    at: { path: 'Aurora/AERO/Cure' },
    skills: ['CURING'],
    specialProcess: true,
  }
  await plant.route('R-MIX', 'MIX', [cure])
  const [run] = await plant.runsOf(await plant.released('MIX', 1))
  const validFrom = plant.clock.now()
  const skilled = { personId: operatorId, skill: 'CURING', evidence: 'examined', validFrom, validTo: null }
  await platform.run(grantQualification, anybody, skilled)
  const oven = plant.node('Aurora/AERO/Cure/OVEN-1')
  const begin = () => platform.run(startRun, operator, { runId: run?.id as never, nodeId: oven })
  const closed = (message: string) => ({
    ...{ kind: 'conflict', code: 'execution.gate-closed', message: expect.stringContaining(message) },
    details: { gates: [{ kind: 'equipment-qualification', overridable: true }] },
  })
  await expect(begin()).rejects.toMatchObject(closed('oven-1 is not qualified for CURING: have it qualified'))
  const proof = { method: 'password' as const, name: 'quinn', password }
  const grant = (nodeId: typeof oven, by = quinn) =>
    platform.run(qualifyEquipment, by, {
      ...{ nodeId, process: 'CURING', evidence: 'survey 12', validFrom },
      signature: { meaning: 'approved', reason: 'surveyed', shown: null, proof },
    })
  await expect(grant(oven, operator)).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(grant(plant.node('Aurora/AERO'))).rejects.toMatchObject({ code: 'equipment.qualification-place' })
  const granted = await grant(plant.node('Aurora/AERO/Cure'))
  const record = { kind: 'equipment.qualification', id: granted.id }
  expect(await platform.run(listSignatures, anybody, { record })).toMatchObject([{ printedName: 'quinn' }])
  const lost = { qualificationId: granted.id, reason: 'survey failed' }
  await platform.run(disqualifyEquipment, quinn, lost)
  await expect(begin()).rejects.toMatchObject(closed('revoked by quinn, survey failed'))
  await expect(platform.run(disqualifyEquipment, quinn, lost)).rejects.toMatchObject({
    code: 'equipment.qualification-revoked',
  })
  await grant(oven)
  const listed = await platform.run(listQualifiedEquipment, anybody, { process: 'curing' })
  expect(listed.map(({ revoked }) => revoked === null)).toEqual([false, true])
  expect(await begin()).toMatchObject({ state: 'running', nodeId: oven })
})
