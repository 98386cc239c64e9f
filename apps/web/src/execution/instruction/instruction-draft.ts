import type { StepType, WorkInstruction } from '@throughline/model'

type Media = WorkInstruction['steps'][number]['media'][number]
export type TypedTexts = Readonly<Record<string, string>>

/** A picture, video, page or model as it is being described. */
export interface TypedMedia {
  readonly kind: Media['kind']
  readonly blob: string
  readonly alt: TypedTexts
  readonly page: string
}

interface TypedOption {
  readonly value: string
  readonly label: TypedTexts
  readonly accepted: boolean
}

interface TypedColumn {
  readonly key: string
  readonly label: TypedTexts
  readonly unit: string
  readonly low: string
  readonly high: string
}

/** A step as it is being typed: every field of every type is kept, so that changing the type and back loses nothing. */
export interface TypedStep {
  /** Its row on screen; the key may be typed anew. */
  readonly id: number
  readonly key: string
  readonly title: TypedTexts
  readonly body: TypedTexts
  readonly media: readonly TypedMedia[]
  readonly type: StepType['type']
  readonly unit: string
  readonly low: string
  readonly high: string
  readonly decimals: string
  readonly gauge: string
  readonly maxLength: string
  readonly options: readonly TypedOption[]
  readonly expects: Extract<StepType, { type: 'scan' }>['expects']
  readonly bomPosition: string
  readonly assetType: string
  readonly tolerance: string
  readonly columns: readonly TypedColumn[]
  readonly rows: string
  readonly seconds: string
  readonly atMost: string
  readonly tag: string
  readonly meaning: Extract<StepType, { type: 'signature' }>['meaning']
  readonly per: 'operation' | 'piece'
  readonly optional: boolean
  /** Key of the step that it depends on; empty = always done. */
  readonly whenStep: string
  readonly whenIs: NonNullable<WorkInstruction['steps'][number]['when']>['is']
  readonly whenValue: string
  readonly skill: string
  readonly secondPerson: boolean
  readonly verifierSkill: string
  readonly onBreach: 'reason' | 'deviation' | 'refuse'
}

export interface TypedInstruction {
  readonly code: string
  readonly title: TypedTexts
  readonly languages: readonly string[]
  readonly steps: readonly TypedStep[]
  readonly changeReason: string
}

let rows = 0

export function newStep(key: string): TypedStep {
  rows += 1
  return {
    ...{ id: rows, key, title: {}, body: {}, media: [], type: 'check', unit: '1', low: '', high: '', decimals: '2' },
    ...{ gauge: '', maxLength: '500', options: [newOption(1), newOption(2)], expects: 'material', bomPosition: '' },
    ...{
      assetType: '',
      tolerance: '',
      columns: [newColumn(1)],
      rows: '1',
      seconds: '',
      atMost: '',
      tag: '',
      meaning: 'performed',
    },
    ...{ per: 'operation', optional: false, whenStep: '', whenIs: 'equal', whenValue: '', skill: '' },
    ...{ secondPerson: false, verifierSkill: '', onBreach: 'reason' },
  }
}

export const newOption = (number: number): TypedOption => ({ value: `option-${number}`, label: {}, accepted: true })
export const newColumn = (number: number): TypedColumn => ({
  ...{ key: `column-${number}`, label: {}, unit: '1', low: '', high: '' },
})

/** The next key that no step has yet: `step-3`. */
export function freeKey(steps: readonly Pick<TypedStep, 'key'>[]): string {
  let number = steps.length + 1
  while (steps.some(({ key }) => key === `step-${number}`)) number += 1
  return `step-${number}`
}

/** An instruction as it stands, to be typed on; undefined = a new one. */
export function typedOf(before: WorkInstruction | undefined): TypedInstruction {
  if (before === undefined) {
    return { code: '', title: {}, languages: ['en'], steps: [newStep('step-1')], changeReason: '' }
  }
  return {
    ...{ code: before.code, title: before.title, languages: [...new Set(['en', ...languagesOf(before)])] },
    steps: before.steps.map(typedStep),
    changeReason: before.state === 'draft' ? before.changeReason : '',
  }
}

function languagesOf({ title, steps }: WorkInstruction): string[] {
  const texts = steps.flatMap(({ title: head, body, media, ask }) => [
    ...[head, body ?? {}, ...media.map(({ alt }) => alt)],
    ...(ask.type === 'choice' ? ask.options : ask.type === 'table' ? ask.columns : []).map(({ label }) => label),
  ])
  return [title, ...texts].flatMap((each) => Object.keys(each))
}

const text = (value: number | string | null): string => (value === null ? '' : String(value))

function typedStep(step: WorkInstruction['steps'][number]): TypedStep {
  const { key, title, body, media, per, optional, when, skill, secondPerson, verifierSkill, onBreach } = step
  return {
    ...newStep(key),
    ...{ title, body: body ?? {}, media: media.map((each) => ({ ...each, page: text(each.page) })), per, optional },
    ...{ whenStep: when?.step ?? '', whenIs: when?.is ?? 'equal', whenValue: whenText(when?.value ?? null) },
    ...{ skill: skill ?? '', secondPerson, verifierSkill: verifierSkill ?? '', onBreach },
    ...typedAsk(step.ask),
  }
}

const whenText = (value: string | number | boolean | null): string =>
  typeof value === 'boolean' ? (value ? 'yes' : 'no') : text(value)

function typedAsk(ask: StepType): Partial<TypedStep> {
  const { type } = ask
  switch (type) {
    case 'read':
    case 'check':
    case 'photo':
      return { type }
    case 'number': {
      const { unit, low, high, decimals, gauge } = ask
      return { type, unit, low: text(low), high: text(high), decimals: text(decimals), gauge: text(gauge) }
    }
    case 'text':
      return { type, maxLength: text(ask.maxLength) }
    case 'choice':
      return { type, options: ask.options }
    case 'scan':
      return {
        ...{ type, expects: ask.expects, bomPosition: text(ask.bomPosition), assetType: text(ask.assetType) },
        tolerance: text(ask.tolerancePercent ?? null),
      }
    case 'table':
      return {
        type,
        rows: text(ask.rows),
        columns: ask.columns.map(({ key, label, unit, low, high }) => ({
          ...{ key, label, unit: unit ?? '', low: text(low), high: text(high) },
        })),
      }
    case 'timer':
      return { type, seconds: text(ask.seconds), atMost: text(ask.atMostSeconds) }
    case 'tag':
      return { type, tag: ask.tag, low: text(ask.low), high: text(ask.high) }
    case 'signature':
      return { type, meaning: ask.meaning }
  }
}
