import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { InstructionStep, StepEntry, StepValue } from '@throughline/model'
import { missingText } from './filling.ts'
import { stepName } from './judge.ts'

type LotId = Id<'Lot'>

/** An entry that stands, as far as the order of the steps is concerned. */
export type Answer = Pick<
  StepEntry,
  'step' | 'subject' | 'value' | 'within' | 'limits' | 'verified' | 'corrects' | 'recordedAt'
>

/** A piece that the steps are done for. */
export interface Subject {
  readonly id: LotId
  readonly code: string
}

/** One step to be done, once or for one piece. */
export interface Cell {
  readonly step: InstructionStep
  readonly subject: LotId | null
}

/** What is asked of one operation: its steps in order, the pieces there, and what was answered. */
export interface Sheet {
  readonly steps: readonly InstructionStep[]
  readonly subjects: readonly Subject[]
  /** Entries that stand. */
  readonly answers: readonly Answer[]
}

/** Each step once, or once for each piece, in the order in which they are done. */
export function cellsOf({ steps, subjects }: Pick<Sheet, 'steps' | 'subjects'>): Cell[] {
  return steps.flatMap((step): Cell[] =>
    step.per === 'operation' ? [{ step, subject: null }] : subjects.map(({ id }) => ({ step, subject: id })),
  )
}

/** The entries that stand for a step and piece: one, or of material one for each lot. */
export const answersFor = <Given extends Answer>(
  { answers }: { readonly answers: readonly Given[] },
  step: string,
  subject: LotId | null,
): Given[] => answers.filter((each) => each.step === step && each.subject === subject)

/** Whether a step is to be done now, by what was answered before it. */
export function applies(
  { when, per }: Pick<InstructionStep, 'when' | 'per'>,
  sheet: Sheet,
  subject: LotId | null,
): boolean {
  if (when === null) return true
  const asked = sheet.steps.find(({ key }) => key === when.step)
  if (asked === undefined) return true
  const about = sheet.answers.filter(
    (each) => each.step === when.step && (per === 'operation' || each.subject === null || each.subject === subject),
  )
  return about.some((each) => meets(each, when))
}

function meets({ value, within }: Answer, when: NonNullable<InstructionStep['when']>): boolean {
  const given = plainOf(value)
  switch (when.is) {
    case 'outside-limits':
      return within === false
    case 'equal':
      return given === when.value
    case 'not-equal':
      return given !== when.value
    case 'below':
      return typeof given === 'number' && typeof when.value === 'number' && given < when.value
    case 'above':
      return typeof given === 'number' && typeof when.value === 'number' && given > when.value
  }
}

/** The one value of an answer that conditions compare; null = it has none. */
function plainOf(value: StepValue): string | number | boolean | null {
  switch (value.type) {
    case 'check':
      return value.done
    case 'number':
    case 'choice':
    case 'tag':
      return value.value
    case 'text':
      return value.text
    case 'scan':
      return value.code
    case 'timer':
      return (value.endedAt - value.startedAt) / 1_000_000
    default:
      return null
  }
}

type Standing = 'done' | 'missing' | 'unfilled' | 'unverified' | 'stale'

/** How a step stands: a signature is on what stood when it was made, a second person confirms what stands now. */
function standingOf(cell: Cell, sheet: Sheet): Standing {
  const answers = answersFor(sheet, cell.step.key, cell.subject)
  const [answer] = answers
  if (answer === undefined) return 'missing'
  if (cell.step.ask.type === 'signature' && isStale(cell, answer, sheet)) return 'stale'
  if (missingOf(cell, answers) !== undefined) return 'unfilled'
  return cell.step.secondPerson && answers.some(({ verified }) => verified === null) ? 'unverified' : 'done'
}

const missingOf = ({ step: { ask } }: Cell, answers: readonly Answer[]): string | undefined =>
  ask.type === 'scan' && ask.expects === 'material' && answers.length > 0 ? missingText(answers) : undefined

/** Whether a step takes an entry: none stands, or of material more is to be scanned. */
export function takesEntry(cell: Cell, sheet: Sheet): boolean {
  const standing = standingOf(cell, sheet)
  return standing === 'missing' || standing === 'unfilled'
}

function isStale({ step, subject }: Cell, { recordedAt }: Answer, sheet: Sheet): boolean {
  const before = new Set(sheet.steps.slice(0, sheet.steps.indexOf(step)).map(({ key }) => key))
  return sheet.answers.some(
    (each) =>
      before.has(each.step) &&
      each.corrects !== null &&
      each.recordedAt > recordedAt &&
      (subject === null || each.subject === null || each.subject === subject),
  )
}

/** Whether the signature that stands is on entries that were corrected since. */
export const isToBeSignedAnew = (cell: Cell, sheet: Sheet): boolean => standingOf(cell, sheet) === 'stale'

const words: Readonly<Record<Exclude<Standing, 'done' | 'unfilled'>, string>> = {
  missing: '',
  unverified: ' (a second person has to confirm it)',
  stale: ' (entries were corrected since: sign again)',
}

function nameOf(cell: Cell, sheet: Sheet, standing: Exclude<Standing, 'done'>): string {
  const { step, subject } = cell
  const piece = sheet.subjects.find(({ id }) => id === subject)
  const why = standing === 'unfilled' ? ` (${missingOf(cell, answersFor(sheet, step.key, subject))})` : words[standing]
  return `${stepName(step)}${piece === undefined ? '' : ` of ${piece.code}`}${why}`
}

/** Steps that must be done before the operation is complete, in words, in their order. */
export function outstanding(sheet: Sheet): string[] {
  return cellsOf(sheet).flatMap((cell) => openText(cell, sheet))
}

function openText(cell: Cell, sheet: Sheet): string[] {
  if (!applies(cell.step, sheet, cell.subject)) return []
  const standing = standingOf(cell, sheet)
  // What may be left out is finished once it is begun.
  return standing === 'done' || (standing === 'missing' && cell.step.optional) ? [] : [nameOf(cell, sheet, standing)]
}

/**
 * A step is done when its condition holds and every step before it that applies is done: of the operation, and of the same
 * piece; a step of the whole operation waits for all pieces.
 * @throws DomainError `conflict`, `invalid` for a step or piece that is not there
 */
export function cellToDo(sheet: Sheet, key: string, subject: LotId | null, what: string): Cell {
  const cell = cellOf(sheet, key, subject, what)
  const { step } = cell
  if (!applies(step, sheet, subject)) {
    throw new DomainError(
      'conflict',
      'execution.step-not-needed',
      `${what}: ${stepName(step)} is not to be done here: it depends on another answer to ${step.when?.step}`,
      { step: key },
    )
  }
  const before = cellsOf({ ...sheet, steps: sheet.steps.slice(0, sheet.steps.indexOf(step)) })
  const open = before
    .filter((each) => subject === null || each.subject === null || each.subject === subject)
    .flatMap((each) => openText(each, sheet))
  if (open.length > 0) {
    const named = open.length <= 3 ? open.join(', ') : `${open.slice(0, 3).join(', ')} and ${open.length - 3} more`
    throw new DomainError('conflict', 'execution.step-too-early', `${what}: before ${stepName(step)} comes ${named}`, {
      step: key,
      before: open,
    })
  }
  return cell
}

/** @throws DomainError `invalid` for a step or piece that is not there */
export function cellOf({ steps, subjects }: Sheet, key: string, subject: LotId | null, what: string): Cell {
  const step = steps.find((each) => each.key === key)
  if (step === undefined) {
    throw new DomainError(
      'invalid',
      'execution.step-unknown',
      `${what} has no step ${key}: read its instruction again`,
      {
        step: key,
      },
    )
  }
  const name = stepName(step)
  if ((step.per === 'piece') !== (subject !== null)) {
    throw new DomainError(
      'invalid',
      'execution.step-subject',
      step.per === 'piece'
        ? `${what}: ${name} is done for each piece: say which one`
        : `${what}: ${name} is done once for the operation, not for one piece`,
      { step: key },
    )
  }
  if (subject !== null && !subjects.some(({ id }) => id === subject)) {
    throw new DomainError(
      'invalid',
      'execution.subject-not-here',
      `${what}: this piece is not here any more: it is scrapped, sent to rework or another operation's`,
      { subject },
    )
  }
  return { step, subject }
}
