import { draftInstruction } from '@throughline/model'
import type { z } from 'zod'
import { numberOf } from '../../alarm/definition/definition-draft.ts'
import type { DraftProblem, FieldWords } from '../form/draft-problem.ts'
import { schemaProblems } from '../form/draft-problem.ts'
import type { TypedInstruction, TypedStep, TypedTexts } from './instruction-draft.ts'

/** How the fields of an instruction are called on screen. */
export const stepWords: FieldWords = {
  parts: 'steps',
  words: {
    ...{ changeReason: 'reason of the change', ask: '', bomPosition: 'position of the bill of material' },
    ...{ alt: 'description', assetType: 'type of the tool', atMostSeconds: 'at most' },
    verifierSkill: 'skill of the second person',
  },
}

type Content = z.output<typeof draftInstruction.input>

/** What is sent, or everything that keeps it from being sent, each at its step. */
export function contentOf(
  typed: TypedInstruction,
): { readonly content: Content } | { readonly problems: readonly DraftProblem[] } {
  const wrong: DraftProblem[] = []
  const words = (texts: TypedTexts): Record<string, string> => filled(texts, typed.languages)
  const steps = typed.steps.map((step, index) => {
    const number = (value: string, what: string): number | null => {
      if (value.trim() === '') return null
      const read = numberOf(value)
      if (read === undefined) wrong.push({ part: index, message: `${what}: "${value.trim()}" is no number` })
      return read ?? null
    }
    return rawStep(step, typed.steps, { number, words })
  })
  const raw = {
    ...{ code: typed.code.trim(), title: words(typed.title), steps },
    changeReason: typed.changeReason.trim(),
  }
  const read = draftInstruction.input.safeParse(raw)
  if (read.success && wrong.length === 0) return { content: read.data }
  const found = read.success ? [] : schemaProblems(read.error.issues, steps.length, stepWords)
  return { problems: [...wrong, ...found] }
}

/** Texts that somebody wrote, in the languages of the instruction: an empty field says nothing. */
function filled(texts: TypedTexts, languages: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    languages.flatMap((language) => {
      const text = texts[language]?.trim() ?? ''
      return text === '' ? [] : [[language, text]]
    }),
  )
}

const orNull = (value: string): string | null => (value.trim() === '' ? null : value.trim())

interface Reading {
  readonly number: (value: string, what: string) => number | null
  readonly words: (texts: TypedTexts) => Record<string, string>
}

function rawStep(step: TypedStep, all: readonly TypedStep[], { number, words }: Reading): unknown {
  const body = words(step.body)
  const asked = all.find(({ key }) => key === step.whenStep)
  return {
    ...{ key: step.key.trim(), title: words(step.title), body: Object.keys(body).length === 0 ? null : body },
    media: step.media.map(({ kind, blob, alt, page }) => ({
      ...{ kind, blob, alt: words(alt), page: kind === 'pdf-page' ? number(page, 'Page') : null },
    })),
    ask: rawAsk(step, { number, words }),
    ...{ per: step.per, optional: step.optional },
    when:
      step.whenStep === ''
        ? null
        : { step: step.whenStep, is: step.whenIs, value: whenValueOf(step, asked?.type ?? 'text') },
    ...{ skill: orNull(step.skill), secondPerson: step.secondPerson, onBreach: step.onBreach },
    verifierSkill: step.secondPerson ? orNull(step.verifierSkill) : null,
  }
}

/** What an answer is compared with, as answers of that type are kept. */
function whenValueOf(
  { whenIs, whenValue }: Pick<TypedStep, 'whenIs' | 'whenValue'>,
  asked: TypedStep['type'],
): string | number | boolean | null {
  const given = whenValue.trim()
  if (whenIs === 'outside-limits' || given === '') return null
  if (asked === 'check') return given === 'yes'
  if (asked === 'number' || asked === 'timer' || asked === 'tag') return numberOf(given) ?? given
  return given
}

function rawAsk(step: TypedStep, { number, words }: Reading): unknown {
  const { type } = step
  const limits = () => ({ low: number(step.low, 'Lower limit'), high: number(step.high, 'Upper limit') })
  switch (type) {
    case 'read':
    case 'check':
    case 'photo':
      return { type }
    case 'number':
      return {
        ...{ type, unit: step.unit.trim(), ...limits(), gauge: orNull(step.gauge) },
        decimals: number(step.decimals, 'Decimals') ?? 0,
      }
    case 'text':
      return { type, maxLength: number(step.maxLength, 'Longest text') ?? 500 }
    case 'choice':
      return { type, options: step.options.map((each) => ({ ...each, label: words(each.label) })) }
    case 'scan':
      return {
        ...{ type, expects: step.expects, assetType: step.expects === 'tool' ? orNull(step.assetType) : null },
        bomPosition: step.expects === 'material' ? number(step.bomPosition, 'Position') : null,
        ...(step.expects === 'material' && step.tolerance.trim() !== ''
          ? { tolerancePercent: number(step.tolerance, 'Tolerance') }
          : {}),
      }
    case 'table':
      return {
        type,
        rows: number(step.rows, 'Rows') ?? 1,
        columns: step.columns.map((column) => ({
          ...{ key: column.key.trim(), label: words(column.label), unit: orNull(column.unit) },
          low: number(column.low, `Lower limit of ${column.key}`),
          high: number(column.high, `Upper limit of ${column.key}`),
        })),
      }
    case 'timer':
      return { type, seconds: number(step.seconds, 'Seconds'), atMostSeconds: number(step.atMost, 'At most') }
    case 'tag':
      return { type, tag: step.tag.trim(), ...limits() }
    case 'signature':
      return { type, meaning: step.meaning }
  }
}
