import { compare, decimalOf, zero } from '@throughline/kernel'
import type { RunPiece, reportRun } from '@throughline/model'
import type { z } from 'zod'
import { quantityProblem } from '../form/amount.ts'

/** What a piece, or an amount, turned out to be. */
export type Verdict = 'good' | 'scrap' | 'rework'
type NotGood = Exclude<Verdict, 'good'>

/** What is typed, touched and scanned before it is reported. */
export interface ReportDraft {
  /** As typed; empty = none. */
  readonly amounts: Readonly<Record<Verdict, string>>
  /** Pieces that are told one by one, by id. */
  readonly marks: Readonly<Record<string, Verdict>>
  /** Of which lot it is, where there are several; empty = not said. */
  readonly lots: Readonly<Record<NotGood, string>>
  readonly reasons: Readonly<Record<NotGood, string>>
}

export const emptyReport: ReportDraft = {
  amounts: { good: '', scrap: '', rework: '' },
  marks: {},
  lots: { scrap: '', rework: '' },
  reasons: { scrap: '', rework: '' },
}

/** Several pieces of one each are told one by one: touched or scanned. */
export const areTold = (there: readonly RunPiece[]): boolean =>
  there.length > 1 && there.every(({ quantity }) => quantity === '1')

const markedAs = ({ marks }: ReportDraft, there: readonly RunPiece[], verdict: Verdict): RunPiece[] =>
  there.filter(({ id }) => marks[id] === verdict)

/** How much is reported so: the pieces that are marked, else what was typed. */
export function amountOf(draft: ReportDraft, there: readonly RunPiece[], verdict: Verdict): string {
  const marked = markedAs(draft, there, verdict).length
  if (marked > 0) return String(marked)
  const typed = draft.amounts[verdict].trim().replace(',', '.')
  return typed === '' ? '0' : typed
}

/** An amount by hand takes the place of pieces that were marked so. */
export const withAmount = (draft: ReportDraft, verdict: Verdict, typed: string): ReportDraft => ({
  ...draft,
  amounts: { ...draft.amounts, [verdict]: typed },
  marks: Object.fromEntries(Object.entries(draft.marks).filter(([, each]) => each !== verdict)),
})

/** One more, or one less, of what is shown. */
export function stepped(draft: ReportDraft, there: readonly RunPiece[], verdict: Verdict, by: number): ReportDraft {
  const next = Number(amountOf(draft, there, verdict)) + by
  return withAmount(draft, verdict, String(Math.max(0, Number.isNaN(next) ? 0 : next)))
}

/** A piece that is touched again is no longer marked; one that is scanned again stays it. */
export function withMark(draft: ReportDraft, id: string, verdict: Verdict, how: 'touched' | 'scanned'): ReportDraft {
  const { [id]: before, ...others } = draft.marks
  const isTakenBack = how === 'touched' && before === verdict
  return {
    ...draft,
    amounts: { ...draft.amounts, [verdict]: '' },
    marks: isTakenBack ? others : { ...others, [id]: verdict },
  }
}

type Reported = Pick<z.input<typeof reportRun.input>, 'good' | 'goodPieces' | 'scrap' | 'rework'>

/** What is sent, or what has to be said first; `scrapReason` is the one that was chosen, if none was typed. */
export function reportOf(
  draft: ReportDraft,
  there: readonly RunPiece[],
  scrapReason: { readonly id: string; readonly text: string } | undefined,
): Reported | { readonly problem: string } {
  const good = amountOf(draft, there, 'good')
  const reasons = { scrap: scrapReason?.text ?? draft.reasons.scrap.trim(), rework: draft.reasons.rework.trim() }
  const problem =
    amountProblem([good, amountOf(draft, there, 'scrap'), amountOf(draft, there, 'rework')]) ??
    lackOf(draft, there, 'scrap', reasons.scrap) ??
    lackOf(draft, there, 'rework', reasons.rework)
  if (problem !== undefined) return { problem }
  const parts = (verdict: NotGood) => partsOf(draft, there, verdict)
  return {
    good,
    goodPieces: markedAs(draft, there, 'good').map(({ id }) => id),
    scrap: parts('scrap').map((part) => ({ ...part, reasonId: scrapReason?.id ?? null, reason: reasons.scrap })),
    rework: parts('rework').map((part) => ({ ...part, reason: reasons.rework })),
  }
}

function partsOf(draft: ReportDraft, there: readonly RunPiece[], verdict: NotGood) {
  const marked = markedAs(draft, there, verdict)
  if (marked.length > 0) return marked.map(({ id, quantity }) => ({ quantity: quantity as string, lotId: id }))
  const quantity = amountOf(draft, there, verdict)
  const lotId = there.find(({ id }) => id === draft.lots[verdict])?.id ?? null
  return isNone(quantity) ? [] : [{ quantity, lotId }]
}

function amountProblem(amounts: readonly string[]): string | undefined {
  for (const amount of amounts) {
    const problem = quantityProblem(amount, 'zero')
    if (problem !== undefined) return problem
  }
  return amounts.every(isNone) ? 'Give how much is good, scrap or rework.' : undefined
}

function lackOf(draft: ReportDraft, there: readonly RunPiece[], verdict: NotGood, reason: string): string | undefined {
  const parts = partsOf(draft, there, verdict)
  if (parts.length === 0) return undefined
  if (there.length > 1 && parts.some(({ lotId }) => lotId === null)) {
    return verdict === 'scrap' ? 'Say which piece is scrap.' : 'Say which piece is to be done again.'
  }
  if (verdict === 'scrap') return reason === '' ? 'Say why it is scrap.' : undefined
  return reason.length < 3 ? 'Say what is wrong with what goes back.' : undefined
}

const isNone = (quantity: string): boolean => compare(decimalOf(quantity), zero) === 0

/** `2 good, 1 scrap`. */
export function reportWords(draft: ReportDraft, there: readonly RunPiece[]): string {
  const told = (['good', 'scrap', 'rework'] as const).flatMap((verdict) => {
    const amount = amountOf(draft, there, verdict)
    return amount === '0' ? [] : [`${amount} ${verdict}`]
  })
  return told.join(', ')
}
