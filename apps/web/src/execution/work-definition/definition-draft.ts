import type { RoutingOperation, WorkDefinition } from '@throughline/model'
import { draftWorkDefinition } from '@throughline/model'
import type { z } from 'zod'
import { numberOf } from '../../alarm/definition/definition-draft.ts'
import type { DraftProblem, FieldWords } from '../form/draft-problem.ts'
import { movedTo, schemaProblems } from '../form/draft-problem.ts'

interface TypedParameter {
  readonly name: string
  readonly tag: string
  readonly unit: string
  readonly low: string
  readonly target: string
  readonly high: string
  readonly critical: boolean
}

/** An operation as it is being typed; lists have commas between. */
export interface TypedOperation {
  /** Its row on screen; the sequence may be typed anew. */
  readonly id: number
  readonly sequence: string
  readonly name: string
  readonly place: 'path' | 'class'
  readonly path: string
  readonly equipmentClass: string
  readonly setup: string
  readonly run: string
  readonly batchSize: string
  readonly skills: string
  readonly tools: string
  readonly positions: string
  readonly instruction: string
  readonly parameters: readonly TypedParameter[]
  readonly needsCleaning: boolean
  readonly specialProcess: boolean
  readonly programName: string
  readonly programHash: string
  readonly reworkTo: string
}

export interface TypedDefinition {
  readonly code: string
  readonly product: string
  readonly drawing: string
  readonly revision: string
  readonly under: string
  readonly over: string
  readonly operations: readonly TypedOperation[]
  readonly changeReason: string
}

/** How the fields of a work definition are called on screen. */
export const operationWords: FieldWords = {
  parts: 'operations',
  words: {
    ...{ changeReason: 'reason of the change', at: 'place', equipmentClass: 'class', bomPositions: 'positions' },
    ...{ setupSeconds: 'set-up time', runSeconds: 'time for each', batchSize: 'worked on together' },
    ...{ sha256: 'SHA-256', reworkTo: 'rework goes to', underPercent: 'less, percent', overPercent: 'more, percent' },
  },
}

let rows = 0

export function newOperation(sequence: string): TypedOperation {
  rows += 1
  return {
    ...{ id: rows, sequence, name: '', place: 'path', path: '', equipmentClass: '', setup: '0', run: '0' },
    ...{ batchSize: '1', skills: '', tools: '', positions: '', instruction: '', parameters: [] },
    ...{ needsCleaning: false, specialProcess: false, programName: '', programHash: '', reworkTo: '' },
  }
}

export const newParameter: TypedParameter = {
  ...{ name: '', tag: '', unit: '1', low: '', target: '', high: '', critical: false },
}

/** The next ten after the last sequence. */
export const nextSequence = (operations: readonly Pick<TypedOperation, 'sequence'>[]): string =>
  String(Math.floor(Math.max(0, ...operations.map(({ sequence }) => numberOf(sequence) ?? 0)) / 10) * 10 + 10)

/** A definition as it stands, to be typed on; undefined = a new one. */
export function typedOf(before: WorkDefinition | undefined): TypedDefinition {
  if (before === undefined) {
    const operations = [newOperation('10')]
    return {
      ...{ code: '', product: '', drawing: '', revision: '', under: '0', over: '0', operations, changeReason: '' },
    }
  }
  return {
    ...{ code: before.code, product: before.product, drawing: before.drawing?.number ?? '' },
    ...{
      revision: before.drawing?.revision ?? '',
      under: String(before.underPercent),
      over: String(before.overPercent),
    },
    operations: before.operations.map(typedOperation),
    changeReason: before.state === 'draft' ? before.changeReason : '',
  }
}

const text = (value: number | null): string => (value === null ? '' : String(value))

function typedOperation(operation: RoutingOperation): TypedOperation {
  const { sequence, name, at, skills, tools, needsCleaning, specialProcess, program, reworkTo } = operation
  return {
    ...newOperation(String(sequence)),
    ...{ name, place: 'path' in at ? ('path' as const) : ('class' as const), path: 'path' in at ? at.path : '' },
    ...{ equipmentClass: 'path' in at ? '' : at.equipmentClass, setup: String(operation.setupSeconds) },
    ...{ run: String(operation.runSeconds), batchSize: String(operation.batchSize) },
    ...{ skills: skills.join(', '), tools: tools.join(', '), positions: operation.bomPositions.join(', ') },
    ...{ instruction: operation.instruction ?? '', needsCleaning, specialProcess },
    ...{ programName: program?.name ?? '', programHash: program?.sha256 ?? '', reworkTo: text(reworkTo) },
    parameters: operation.parameters.map(({ name: parameter, tag, unit, low, target, high, critical }) => ({
      ...{ name: parameter, tag: tag ?? '', unit, low: text(low), target: text(target), high: text(high), critical },
    })),
  }
}

/** Moves an operation: the sequences stay in their places, and rework follows the operation that it names. */
export function movedOperations(
  operations: readonly TypedOperation[],
  from: number,
  to: number,
): readonly TypedOperation[] {
  const moved = movedTo(operations, from, to)
  const renamed = new Map(moved.map((each, index) => [each.sequence, operations[index]?.sequence ?? each.sequence]))
  return moved.map((each) => ({
    ...{ ...each, sequence: renamed.get(each.sequence) ?? each.sequence },
    reworkTo: renamed.get(each.reworkTo) ?? each.reworkTo,
  }))
}

type Content = z.output<typeof draftWorkDefinition.input>

const orNull = (value: string): string | null => (value.trim() === '' ? null : value.trim())
const listOf = (value: string): string[] =>
  value.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]))

/** What is sent, or everything that keeps it from being sent, each at its operation. */
export function contentOf(
  typed: TypedDefinition,
): { readonly content: Content } | { readonly problems: readonly DraftProblem[] } {
  const wrong: DraftProblem[] = []
  const reader =
    (part: number | null) =>
    (value: string, what: string): number | null => {
      if (value.trim() === '') return null
      const read = numberOf(value)
      if (read === undefined) wrong.push({ part, message: `${what}: "${value.trim()}" is no number` })
      return read ?? null
    }
  const own = reader(null)
  const raw = {
    ...{ code: typed.code.trim(), product: typed.product.trim(), changeReason: typed.changeReason.trim() },
    drawing: typed.drawing.trim() === '' ? null : { number: typed.drawing.trim(), revision: typed.revision.trim() },
    ...{ underPercent: own(typed.under, 'Less, percent') ?? 0, overPercent: own(typed.over, 'More, percent') ?? 0 },
    operations: typed.operations.map((operation, index) => rawOperation(operation, reader(index))),
  }
  const read = draftWorkDefinition.input.safeParse(raw)
  if (read.success && wrong.length === 0) return { content: read.data }
  const found = read.success ? [] : schemaProblems(read.error.issues, typed.operations.length, operationWords)
  return { problems: [...wrong, ...found] }
}

function rawOperation(typed: TypedOperation, number: (value: string, what: string) => number | null): unknown {
  return {
    ...{ sequence: number(typed.sequence, 'Sequence'), name: typed.name.trim() },
    at: typed.place === 'path' ? { path: typed.path } : { equipmentClass: typed.equipmentClass },
    ...{ setupSeconds: number(typed.setup, 'Set-up time') ?? 0, runSeconds: number(typed.run, 'Time for each') ?? 0 },
    batchSize: number(typed.batchSize, 'Worked on together') ?? 1,
    ...{ skills: listOf(typed.skills), tools: listOf(typed.tools), instruction: orNull(typed.instruction) },
    bomPositions: listOf(typed.positions).map((each) => number(each, 'Positions')),
    parameters: typed.parameters.map((parameter) => ({
      ...{ name: parameter.name.trim(), tag: orNull(parameter.tag), unit: parameter.unit.trim() },
      low: number(parameter.low, `Lower limit of ${parameter.name}`),
      target: number(parameter.target, `Target of ${parameter.name}`),
      ...{ high: number(parameter.high, `Upper limit of ${parameter.name}`), critical: parameter.critical },
    })),
    ...{ needsCleaning: typed.needsCleaning, specialProcess: typed.specialProcess },
    program:
      typed.programName.trim() === '' && typed.programHash.trim() === ''
        ? null
        : { name: typed.programName.trim(), sha256: typed.programHash.trim().toLowerCase() },
    reworkTo: number(typed.reworkTo, 'Rework goes to'),
  }
}
