import type { Decimal, Instant } from '@throughline/kernel'
import { add, parseDecimal, sum, zero } from '@throughline/kernel'
import type {
  AskedMaterial,
  InstructionStep,
  OperationRun,
  QueuedEntry,
  StepEntry,
  StepValue,
} from '@throughline/model'
import { recordStep } from '@throughline/model'
import { z } from 'zod'
import { answersFor } from './step-answers.ts'
import { withinOf } from './step-limits.ts'
import { missingOf } from './step-material.ts'

/** An answer as the page shows it: recorded, or waiting on this device. */
export interface Answer
  extends Pick<StepEntry, 'step' | 'subject' | 'value' | 'within' | 'limits' | 'reason' | 'at' | 'verified'> {
  readonly id: string
  readonly by: { readonly id: string; readonly name: string }
  readonly corrects: string | null
  /** Null = not yet recorded. */
  readonly recordedAt: Instant | null
}

/** One step to be done, once or for one piece. */
export interface Cell {
  readonly step: InstructionStep
  readonly subject: string | null
  /** Of the piece. */
  readonly code: string | null
}

export interface Sheet {
  readonly steps: readonly InstructionStep[]
  readonly subjects: readonly { readonly id: string; readonly code: string }[]
  readonly answers: readonly Answer[]
  /** What goes in by steps that scan material. */
  readonly asked: readonly AskedMaterial[]
}

/** `stale` = signed before something was corrected; `unfilled` = more of the material is to be scanned. */
export type Standing = 'done' | 'missing' | 'unfilled' | 'unverified' | 'stale' | 'not-needed'

export const cellsOf = ({ steps, subjects }: Pick<Sheet, 'steps' | 'subjects'>): Cell[] =>
  steps.flatMap((step): Cell[] =>
    step.per === 'operation'
      ? [{ step, subject: null, code: null }]
      : subjects.map(({ id, code }) => ({ step, subject: id, code })),
  )

export const cellKey = ({ step, subject }: Cell): string => `${step.key} ${subject ?? ''}`

/** The entry that somebody has to look at: the first that waits for a second person, else the first. */
export function answerOf(sheet: Pick<Sheet, 'answers'>, cell: Cell): Answer | undefined {
  const answers = answersFor(sheet, cell)
  return (cell.step.secondPerson ? answers.find(({ verified }) => verified === null) : undefined) ?? answers[0]
}

const takesMaterial = ({ step: { ask } }: Cell): boolean => ask.type === 'scan' && ask.expects === 'material'

export function standingOf(cell: Cell, sheet: Sheet): Standing {
  if (!applies(cell, sheet)) return 'not-needed'
  const answer = answerOf(sheet, cell)
  if (answer === undefined) return 'missing'
  if (cell.step.ask.type === 'signature' && isStale(cell, answer, sheet)) return 'stale'
  if (takesMaterial(cell) && missingOf(sheet, cell) !== zero) return 'unfilled'
  return cell.step.secondPerson && answer.verified === null ? 'unverified' : 'done'
}

/** What is to be done now: the first that is neither done nor left out. */
export function currentCell(sheet: Sheet, leftOut: ReadonlySet<string>): Cell | undefined {
  const cells = cellsOf(sheet)
  const lastAnswered = cells.findLastIndex((cell) => answerOf(sheet, cell) !== undefined)
  return cells.find((cell, index) => {
    const standing = standingOf(cell, sheet)
    if (standing === 'done' || standing === 'not-needed') return false
    // What may be left out was, once a later step is recorded: also after a reload, and on another device.
    return !(standing === 'missing' && cell.step.optional && (index < lastAnswered || leftOut.has(cellKey(cell))))
  })
}

function applies({ step: { when, per }, subject }: Cell, sheet: Sheet): boolean {
  if (when === null || !sheet.steps.some(({ key }) => key === when.step)) return true
  return sheet.answers.some(
    (each) =>
      each.step === when.step &&
      (per === 'operation' || each.subject === null || each.subject === subject) &&
      meets(each, when),
  )
}

function meets({ value, within }: Answer, { is, value: wanted }: NonNullable<InstructionStep['when']>): boolean {
  if (is === 'outside-limits') return within === false
  const given = plainOf(value)
  if (is === 'equal') return given === wanted
  if (is === 'not-equal') return given !== wanted
  if (typeof given !== 'number' || typeof wanted !== 'number') return false
  return is === 'below' ? given < wanted : given > wanted
}

/** The one value of an answer that conditions compare. */
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
    case 'read':
    case 'photo':
    case 'table':
    case 'signature':
      return null
  }
}

function isStale({ step, subject }: Cell, { recordedAt }: Answer, { steps, answers }: Sheet): boolean {
  const before = new Set(steps.slice(0, steps.indexOf(step)).map(({ key }) => key))
  return answers.some(
    (each) =>
      before.has(each.step) &&
      each.corrects !== null &&
      (each.recordedAt ?? Number.POSITIVE_INFINITY) > (recordedAt ?? Number.POSITIVE_INFINITY) &&
      (subject === null || each.subject === null || each.subject === subject),
  )
}

const RecordInput = recordStep.input

/** What stands of a run: recorded at the plant, and waiting here. */
export function answersOf(
  run: Pick<OperationRun, 'id'>,
  steps: readonly InstructionStep[],
  entries: readonly StepEntry[],
  waiting: readonly QueuedEntry[],
  nameOf: (personId: string) => string,
): Answer[] {
  const recorded = entries.filter(({ replacedAt }) => replacedAt === null)
  const here = waiting.flatMap((entry): Answer[] => {
    const told = entry.operation === recordStep.name ? RecordInput.safeParse(entry.input).data : undefined
    if (told === undefined || told.runId !== run.id) return []
    const { step, subject, value, reason } = told
    const asked = steps.find(({ key }) => key === step)
    const isLine = asked?.ask.type === 'scan' && asked.ask.expects === 'material'
    const isKnown = (each: StepEntry): boolean => !isLine || each.offline?.sequence === entry.sequence
    if (recorded.some((each) => each.step === step && each.subject === subject && isKnown(each))) return []
    return [
      {
        ...{ id: entry.id, step, subject, value, reason, at: entry.deviceAt, recordedAt: null },
        within: asked === undefined ? null : withinOf(asked.ask, value),
        by: { id: entry.personId, name: nameOf(entry.personId) },
        ...{ limits: null, verified: null, corrects: null },
      },
    ]
  })
  return [...recorded, ...here]
}

const Amount = z
  .string()
  .catch('0')
  .transform((typed) => parseDecimal(typed) ?? zero)

const RunInput = z.object({
  runId: z.string(),
  reason: z.string().catch(''),
  good: Amount,
  scrap: z.array(z.object({ quantity: Amount })).catch([]),
  rework: z.array(z.object({ quantity: Amount })).catch([]),
  subjects: z.array(z.string()).catch([]),
})

/** A run as it will be once everything that waits here is recorded. */
export function runAfter(
  run: OperationRun,
  waiting: readonly QueuedEntry[],
  nameOf: (personId: string) => string,
): OperationRun {
  let shown = run
  for (const { operation, input, personId, deviceAt } of waiting) {
    const told = operation.startsWith('execution.run.') ? RunInput.safeParse(input).data : undefined
    if (told === undefined || told.runId !== run.id) continue
    const by = { id: personId, name: nameOf(personId) }
    shown = { ...shown, version: shown.version + 1, ...changeOf(shown, operation, told, by, deviceAt) }
  }
  return shown
}

function changeOf(
  run: OperationRun,
  operation: QueuedEntry['operation'],
  { reason, good, scrap, rework, subjects }: z.infer<typeof RunInput>,
  by: { readonly id: string; readonly name: string },
  at: Instant,
): Partial<OperationRun> {
  switch (operation) {
    case 'execution.run.start':
      return { ...withOnly(run, subjects), state: 'running', heldBy: by, startedAt: run.startedAt ?? at }
    case 'execution.run.resume':
      return { state: 'running', heldBy: by, startedAt: run.startedAt ?? at }
    case 'execution.run.pause':
      return { state: 'paused', pauseReason: reason }
    case 'execution.run.complete':
      return { state: 'completed', heldBy: null }
    case 'execution.run.report':
      return { good: add(run.good, good), scrap: added(run.scrap, scrap), rework: added(run.rework, rework) }
    default:
      return {}
  }
}

const added = (before: Decimal, parts: readonly { readonly quantity: Decimal }[]): Decimal =>
  sum([before, ...parts.map(({ quantity }) => quantity)])

/** The others stay ready, as a run of their own. */
function withOnly(run: OperationRun, chosen: readonly string[]): Partial<OperationRun> {
  if (chosen.length === 0) return {}
  const kept = run.subjects.flatMap((id, index) => (chosen.includes(id) ? [index] : []))
  return {
    subjects: kept.flatMap((index) => run.subjects[index] ?? []),
    subjectCodes: kept.flatMap((index) => run.subjectCodes[index] ?? []),
  }
}

/** When a waiting step began: with the last that was done before it, or with the operation. */
export function timerStart({ step, subject }: Cell, { steps, answers }: Sheet, startedAt: Instant | null): Instant {
  const before = new Set(steps.slice(0, steps.indexOf(step)).map(({ key }) => key))
  const times = answers
    .filter((each) => before.has(each.step) && (subject === null || each.subject === null || each.subject === subject))
    .map(({ at }) => at)
  return Math.max(startedAt ?? 0, ...times) as Instant
}
