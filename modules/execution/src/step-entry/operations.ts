import { listQualificationsOf, standingOf } from '@throughline/identity'
import type { Id } from '@throughline/kernel'
import { DomainError, newId } from '@throughline/kernel'
import type { InstructionStep, StepEntry } from '@throughline/model'
import { correctStep, recordStep, signStep, verifyStep } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import type { ExecutionOptions } from '../execution.ts'
import { hashOf } from '../record-hash.ts'
import type { RunCase } from '../run/held.ts'
import { holdRun } from '../run/held.ts'
import type { StepRecord } from '../run/operations.ts'
import { assertRunOpen, nameOf } from '../run/rules.ts'
import { stepName } from './judge.ts'
import { assertStepOpen, takeAnswer, write } from './record.ts'
import { answersFor, cellOf, cellToDo, isToBeSignedAnew, outstanding, takesEntry } from './sequence.ts'
import { readSheet } from './sheet.ts'
import { findConsumed, getEntry, insertStepSignature, listEntries } from './store.ts'
import { listAsked, putBack } from './take.ts'

/** What the record of the steps says of a run. */
export const stepRecord: StepRecord = {
  outstanding: async (uow, runCase) => outstanding(await readSheet(uow, runCase)),
  entriesOf: (uow, runId) => listEntries(uow.trx, runId),
  askedOf: async (uow, runCase) => listAsked(uow, runCase, await readSheet(uow, runCase)),
}

export function registerStepEntry(platform: Platform, options: ExecutionOptions): void {
  platform.handle(recordStep, async (uow, { runId, step, subject, value, reason, at }) => {
    const held = await holdOpen(uow, runId)
    const sheet = await readSheet(uow, held)
    const cell = cellToDo(sheet, step, subject, nameOf(held.run))
    if (!takesEntry(cell, sheet)) throw answered(held, cell.step)
    return await takeAnswer(uow, options, held, sheet, cell, { value, reason, at: at ?? uow.at, corrects: null })
  })

  platform.handle(correctStep, async (uow, { entryId, value, reason }) => {
    const old = await getEntry(uow.trx, entryId)
    const held = await holdOpen(uow, old.runId)
    assertStands(await getEntry(uow.trx, entryId))
    const sheet = await readSheet(uow, held)
    const cell = cellOf(sheet, old.step, old.subject, nameOf(held.run))
    const consumed = await findConsumed(uow.trx, entryId)
    if (consumed !== null) await putBack(uow, held, consumed, reason)
    return await takeAnswer(uow, options, held, sheet, cell, {
      value,
      reason,
      at: momentOf(old, uow),
      corrects: entryId,
    })
  })

  platform.handle(signStep, async (uow, { runId, step, subject, seen, signature: { meaning, reason } }) => {
    const held = await holdOpen(uow, runId)
    const sheet = await readSheet(uow, held)
    const cell = cellToDo(sheet, step, subject, nameOf(held.run))
    const { ask } = cell.step
    if (ask.type !== 'signature') throw notSigned(cell.step)
    if (ask.meaning !== meaning) throw otherMeaning(cell.step, ask.meaning, meaning)
    const [before] = answersFor(sheet, step, subject)
    if (before !== undefined && !isToBeSignedAnew(cell, sheet)) throw answered(held, cell.step)
    assertSeen(held, sheet.answers, seen)
    await assertStepOpen(uow, options, held, cell.step, [])
    const signedId = await write(uow, held, cell, {
      // Which signature it is, the row beside it says: an entry never changes.
      value: { type: 'signature', signatureId: newId<'Signature'>(uow.at) },
      reason,
      at: uow.at,
      corrects: before?.id ?? null,
      consumed: null,
      covers: hashOf(sheet.answers),
      within: null,
      limits: null,
    })
    return await sign(uow, signedId, 'signed')
  })

  platform.handle(verifyStep, async (uow, { entryId }) => {
    const { runId } = await getEntry(uow.trx, entryId)
    const held = await holdOpen(uow, runId)
    const entry = await getEntry(uow.trx, entryId)
    assertStands(entry)
    const { step } = cellOf(await readSheet(uow, held), entry.step, entry.subject, nameOf(held.run))
    assertToVerify(step, entry, uow.actor.id)
    await assertVerifier(uow, held, step)
    uow.emit('execution.step-verified', { entryId, runId, personId: uow.actor.id, at: uow.at })
    return await sign(uow, entryId, 'verified')
  })
}

/** An operation in hand, by somebody who works there; nobody else changes it until the transaction ends. */
async function holdOpen(uow: UnitOfWork, runId: Id<'OperationRun'>): Promise<RunCase> {
  const held = await holdRun(uow, runId)
  await uow.assertWithin(held.run.nodeId ?? held.order.siteId)
  assertRunOpen(held.run)
  return held
}

async function sign(uow: UnitOfWork, entryId: StepEntry['id'], kind: 'signed' | 'verified'): Promise<StepEntry> {
  const { id: signatureId } = await uow.sign({ kind: 'execution.step_entry', id: entryId })
  const by = { id: uow.actor.id, name: uow.actor.name }
  await insertStepSignature(uow.trx, { id: newId(uow.at), entryId, kind, signatureId, by, at: uow.at })
  return await getEntry(uow.trx, entryId)
}

/** A correction says what was so then. */
const momentOf = ({ at }: StepEntry, { at: now }: UnitOfWork): StepEntry['at'] => (at > now ? now : at)

const answered = ({ run }: RunCase, step: InstructionStep): DomainError =>
  new DomainError(
    'conflict',
    'execution.step-recorded',
    `${nameOf(run)}: ${stepName(step)} is recorded already: correct the entry, with a reason`,
    { step: step.key },
  )

function assertStands({ id, replacedAt }: StepEntry): void {
  if (replacedAt === null) return
  throw new DomainError(
    'conflict',
    'execution.entry-replaced',
    'This entry was corrected by another one already: read the operation again',
    { id },
  )
}

/** A signature is on what the signer saw. */
function assertSeen({ run }: RunCase, answers: readonly StepEntry[], seen: readonly string[] | null): void {
  if (seen === null || (seen.length === answers.length && answers.every(({ id }) => seen.includes(id)))) return
  throw new DomainError(
    'conflict',
    'execution.record-changed',
    `The record of ${nameOf(run)} is not as it was shown: look at it again, then sign`,
  )
}

function assertToVerify(step: InstructionStep, { by, verified }: StepEntry, personId: string): void {
  const refuse = (kind: 'conflict' | 'forbidden', code: string, message: string): never => {
    throw new DomainError(kind, `execution.${code}`, `${stepName(step)}: ${message}`, { step: step.key })
  }
  if (!step.secondPerson) refuse('conflict', 'verify-not-asked', 'no second person has to confirm it')
  if (verified !== null) refuse('conflict', 'entry-verified', `${verified.by.name} confirmed it already`)
  if (by.id === personId) refuse('forbidden', 'same-person', 'you made this entry: another person confirms it')
}

/** Who confirms has the skill that the step wants of them. */
async function assertVerifier(uow: UnitOfWork, { run, definition }: RunCase, step: InstructionStep): Promise<void> {
  const skill = step.verifierSkill
  if (skill === null) return
  const earned = await listQualificationsOf(uow.trx, uow.actor.id)
  const fits = [null, `${definition.code}@${definition.version}`].some(
    (what) => standingOf(earned, skill, uow.at, what).state === 'held',
  )
  if (fits) return
  throw new DomainError(
    'forbidden',
    'execution.verifier-not-qualified',
    `${nameOf(run)}: ${uow.actor.name} is not qualified for ${skill} and cannot confirm ${stepName(step)}: ask somebody who is`,
    { skill },
  )
}

const notSigned = (step: InstructionStep): DomainError =>
  new DomainError('invalid', 'execution.step-not-signed', `${stepName(step)} asks for ${step.ask.type}: record it`, {
    step: step.key,
  })

const otherMeaning = (step: InstructionStep, wanted: string, given: string): DomainError =>
  new DomainError(
    'invalid',
    'execution.signature-meaning',
    `${stepName(step)} is signed as ${wanted}, not as ${given}`,
    {
      step: step.key,
    },
  )
