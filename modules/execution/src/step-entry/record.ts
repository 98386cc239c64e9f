import type { Id, Instant } from '@throughline/kernel'
import { DomainError, newId } from '@throughline/kernel'
import type { InstructionStep, StepEntry, StepValue } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import type { ExecutionOptions } from '../execution.ts'
import { lookAtGates } from '../gate/load.ts'
import { assertGatesOpen } from '../gate/rules.ts'
import { findMedia } from '../media/store.ts'
import type { RunCase } from '../run/held.ts'
import { nameOf } from '../run/rules.ts'
import { assertAnswered, assertTime, judge, stepName } from './judge.ts'
import type { Cell } from './sequence.ts'
import type { RunSheet } from './sheet.ts'
import type { NewEntry } from './store.ts'
import { getEntry, insertEntry } from './store.ts'
import { assertAsset, assertScanned, measure, take } from './take.ts'

/** What is written down of a step, once everything that speaks against it was looked at. */
export interface Told {
  readonly value: StepValue
  readonly reason: string
  readonly at: Instant
  readonly corrects: Id<'StepEntry'> | null
}

/** Takes an answer: looks at gates and limits, takes material, and writes the entry. */
export async function takeAnswer(
  uow: UnitOfWork,
  options: ExecutionOptions,
  held: RunCase,
  sheet: RunSheet,
  cell: Cell,
  told: Told,
): Promise<StepEntry> {
  const { step } = cell
  if (told.value.type === 'signature' || step.ask.type === 'signature') throw toBeSigned(step)
  assertTime(step, told.at, uow.at, held.run.startedAt)
  const then = told.at > uow.at ? uow.at : told.at
  await assertStepOpen(uow, options, held, step, scannedOf(step, told.value), then)
  const read = step.ask.type === 'tag' ? await readTag(options, held, step, step.ask.tag, told, uow.at) : undefined
  const given = read?.value ?? told.value
  const isMaterial = step.ask.type === 'scan' && step.ask.expects === 'material' && given.type === 'scan'
  const portion = isMaterial ? await measure(uow, held, sheet, cell, given, told.at, told.corrects) : undefined
  const judged = portion?.judged ?? judge(step, given, uow.at, read?.unit)
  assertAnswered(step, judged, told.reason)
  if (portion === undefined) await follow(uow, options, held, sheet, cell, given)
  else await take(uow, held, portion, told.at)
  const { value, consumed } = portion ?? { value: given, consumed: null }
  const entryId = await write(uow, held, cell, { ...told, value, consumed, covers: null, ...judged })
  if (judged.within === false && step.onBreach === 'deviation') {
    uow.emit('execution.limit-breached', {
      entryId,
      runId: held.run.id,
      orderId: held.order.id,
      nodeId: held.run.nodeId,
      about: `${stepName(step)}: ${judged.words}`,
      reason: told.reason,
      lots: cell.subject === null ? sheet.subjects.map(({ id }) => id) : [cell.subject],
      by: uow.actor.name,
      at: told.at,
    })
  }
  return await getEntry(uow.trx, entryId)
}

/** Writes the entry and tells of it; of a signature it is whole only with the row beside it. */
export async function write(
  uow: UnitOfWork,
  { run }: RunCase,
  { step, subject }: Cell,
  told: Told & Pick<NewEntry, 'consumed' | 'covers' | 'within' | 'limits'>,
): Promise<StepEntry['id']> {
  const id = newId<'StepEntry'>(uow.at)
  const { value, within, limits, reason, at, corrects, consumed, covers } = told
  await insertEntry(uow.trx, {
    ...{ id, runId: run.id, step: step.key, subject, value, within, limits, reason, at, corrects, consumed, covers },
    recordedAt: uow.at,
    by: { id: uow.actor.id, name: uow.actor.name },
  })
  const personId = uow.actor.id
  uow.emit('execution.step-recorded', { entryId: id, runId: run.id, step: step.key, subject, personId, at })
  return id
}

/** The gates of the operation with what this step asks for besides; what ends at an instant is looked at as it was `at`. */
export async function assertStepOpen(
  uow: UnitOfWork,
  options: ExecutionOptions,
  held: RunCase,
  { skill, ...step }: Pick<InstructionStep, 'skill' | 'key' | 'title'>,
  scanned: readonly string[],
  at: Instant = uow.at,
): Promise<void> {
  const { nodeId, tools } = held.run
  const skills = skill === null ? [] : [skill]
  const gates = await lookAtGates(uow, options, { ...held, nodeId, tools, scanned, skills, at })
  assertGatesOpen(`${nameOf(held.run)}: ${stepName(step)} cannot be recorded`, gates)
}

/** What a step has scanned that gates look at: material, tools and gauges. */
function scannedOf({ ask }: Pick<InstructionStep, 'ask'>, value: StepValue): string[] {
  if (value.type === 'number') return value.gauge === null ? [] : [value.gauge]
  if (value.type !== 'scan' || ask.type !== 'scan') return []
  return ask.expects === 'material' || ask.expects === 'tool' ? [value.code] : []
}

/** What an answer brings with it: a gauge, a kept picture, a piece. */
async function follow(
  uow: UnitOfWork,
  options: ExecutionOptions,
  held: RunCase,
  sheet: RunSheet,
  cell: Cell,
  value: StepValue,
): Promise<void> {
  const { ask } = cell.step
  if (value.type === 'number' && ask.type === 'number') {
    if (value.gauge === null && ask.gauge !== null) throw gaugeMissing(cell.step, ask.gauge)
    if (value.gauge !== null) await assertAsset(uow, cell, value.gauge, ask.gauge)
  }
  if (value.type === 'photo') {
    const media = await findMedia(uow.trx, value.blob)
    if (media?.contentType.startsWith('image/') !== true) throw pictureMissing(cell.step, value.blob)
  }
  if (value.type === 'scan' && ask.type === 'scan') await assertScanned(uow, options, held, sheet, cell, value.code)
}

/** The reading of the equipment at this moment: told later, it is gone. */
async function readTag(
  { directory, readTag: read }: ExecutionOptions,
  { run }: RunCase,
  step: InstructionStep,
  name: string,
  { at, value }: Told,
  now: Instant,
): Promise<{ value: StepValue; unit: string }> {
  const refuse = (message: string): never => {
    throw new DomainError('conflict', 'execution.step-unread', `${stepName(step)}: ${message}`, { step: step.key })
  }
  if (value.type !== 'tag') return { value, unit: '1' }
  if (now - at > 120_000_000) refuse('what the equipment said then is not known any more: do the step again, connected')
  const path = run.nodeId === null ? undefined : directory.node(run.nodeId)?.path
  const tag = path === undefined ? undefined : directory.byPath(`${path}/${name}`)
  if (tag === undefined) return refuse(`${path ?? 'the equipment'} has no signal ${name}: tell the engineer`)
  const reading = await read?.(tag.id)
  if (reading === undefined) return refuse(`nothing is known of ${tag.path}: the step is not done`)
  if (reading.problem !== null)
    return refuse(`${tag.path} cannot be relied on: ${reading.problem}. The step is not done`)
  return { value: { type: 'tag', value: reading.value, at: reading.at }, unit: tag.unit }
}

const toBeSigned = (step: InstructionStep): DomainError =>
  new DomainError('invalid', 'execution.step-to-be-signed', `${stepName(step)} is signed, with execution.step.sign`, {
    step: step.key,
  })

const gaugeMissing = (step: InstructionStep, type: string): DomainError =>
  new DomainError(
    'invalid',
    'execution.gauge-missing',
    `${stepName(step)}: scan the ${type} that it is measured with`,
    {
      step: step.key,
      fields: [{ path: 'value.gauge', message: `scan the ${type}` }],
    },
  )

const pictureMissing = (step: InstructionStep, blob: string): DomainError =>
  new DomainError(
    'invalid',
    'execution.picture-missing',
    `${stepName(step)}: no picture ${blob.slice(0, 12)}… is kept here: store it first, with execution.media.store`,
    { step: step.key },
  )
