import { useQuery } from '@tanstack/react-query'
import type { OperationRun } from '@throughline/model'
import { getRun, listReasons, reportRun } from '@throughline/model'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { reasonText } from '../../performance/machine/machine-words.ts'
import { FormActs } from './FormActs.tsx'
import { isThere, pieceBy, piecesOf } from './pieces.ts'
import { ReportAmount } from './ReportAmount.tsx'
import { LotChoice, PieceVerdicts } from './ReportPieces.tsx'
import type { Verdict } from './report-draft.ts'
import { amountOf, areTold, emptyReport, reportOf, reportWords, stepped, withAmount, withMark } from './report-draft.ts'
import { primaryForm, useDeed, useSignal, useStation } from './station-context.ts'
import { typedNumber } from './step-limits.ts'

interface ReportPadProps {
  readonly run: OperationRun
  readonly onClose: () => void
}

/**
 * Good, scrap and rework in one action: scrap and rework with their reason and, where there are several, their pieces.
 * Rework is offered where the definition has a way back.
 */
export function ReportPad({ run, onClose }: ReportPadProps): ReactElement {
  const { node } = useStation()
  const [draft, setDraft] = useState(emptyReport)
  const [verdict, setVerdict] = useState<Verdict>('scrap')
  const [reasonId, setReasonId] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const { data: reasons } = useQuery({ ...ask(listReasons, { kind: 'scrap', nodeId: node.id }), staleTime: 60_000 })
  const { data: known } = useQuery(ask(getRun, { runId: run.id }))
  const there = piecesOf(run, known?.pieces ?? []).filter(isThere)
  const isTold = areTold(there)
  // What was kept by an older page does not say it.
  const wayBack = known?.reworkTo ?? null
  const verdicts = wayBack === null ? (['good', 'scrap'] as const) : (['good', 'scrap', 'rework'] as const)
  const groups = new Set(reasons?.map(({ parentId }) => parentId))
  const choices = (reasons ?? []).filter(({ id, retired }) => !retired && !groups.has(id))
  const chosen = choices.find(({ id }) => id === reasonId)
  const isReported = (each: Verdict): boolean => amountOf(draft, there, each) !== '0'
  const report = useDeed(reportRun, reportWords(draft, there), onClose)
  const lot = (of: 'scrap' | 'rework', id: string): void =>
    setDraft((now) => ({ ...now, lots: { ...now.lots, [of]: id } }))
  const say = (of: 'scrap' | 'rework', text: string): void =>
    setDraft((now) => ({ ...now, reasons: { ...now.reasons, [of]: text } }))
  const notGood = verdict === 'rework' ? 'rework' : 'scrap'

  useSignal('code', (text) => {
    const piece = pieceBy(there, text)
    setProblem(piece === undefined ? `${text} is no piece of this operation: scan one that is.` : undefined)
    if (piece === undefined) return
    if (isTold) return setDraft((now) => withMark(now, piece.id, verdict, 'scanned'))
    lot(notGood, piece.id)
    setDraft((now) => (now.amounts[notGood] === '' ? withAmount(now, notGood, '1') : now))
  })
  useSignal('reason', (given) => {
    if (notGood === 'scrap') setReasonId('')
    say(notGood, given)
  })
  const command = (told: 'scrap' | 'rework') => (): void => {
    const isPossible = told === 'scrap' || wayBack !== null
    setProblem(isPossible ? undefined : 'This operation has no way back: report scrap.')
    if (!isPossible) return
    setVerdict(told)
    if (!isTold) setDraft((now) => stepped(now, there, told, 1))
  }
  useSignal('scrap', command('scrap'))
  useSignal('rework', command('rework'))
  useSignal('key', (key) => setDraft((now) => withAmount(now, 'good', typedNumber(now.amounts.good, key, 3))))

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const scrapReason = chosen && { id: chosen.id, text: reasonText(chosen, navigator.languages) }
    const told = reportOf(draft, there, scrapReason)
    setProblem('problem' in told ? told.problem : undefined)
    if (!('problem' in told)) report.mutate({ runId: run.id, version: run.version, ...told })
  }

  return (
    <form id={primaryForm} className="work-form" onSubmit={onSubmit} aria-label="Good and scrap" data-takes-code>
      <div className="work-pair">
        {verdicts
          .filter((each) => each === 'good' || !isTold)
          .map((each) => (
            <ReportAmount
              key={each}
              label={{ good: 'Good', scrap: 'Scrap', rework: 'Rework' }[each]}
              value={draft.amounts[each] || (isReported(each) ? amountOf(draft, there, each) : '')}
              onType={(typed) => setDraft((now) => withAmount(now, each, typed))}
              onStep={(by) => setDraft((now) => stepped(now, there, each, by))}
            />
          ))}
      </div>
      {isTold ? (
        <PieceVerdicts
          pieces={there}
          draft={draft}
          verdicts={verdicts}
          verdict={verdict}
          onVerdict={setVerdict}
          onPiece={(id) => setDraft((now) => withMark(now, id, verdict, 'touched'))}
        />
      ) : null}
      {!isTold && there.length > 1 ? (
        <>
          <LotChoice
            label="Which piece is scrap: scan or choose it"
            pieces={there}
            value={draft.lots.scrap}
            onChange={(id) => lot('scrap', id)}
          />
          {isReported('rework') ? (
            <LotChoice
              label="Which piece is to be done again: scan or choose it"
              pieces={there}
              value={draft.lots.rework}
              onChange={(id) => lot('rework', id)}
            />
          ) : null}
        </>
      ) : null}
      {!isReported('scrap') ? null : (
        <>
          <label className="work-field">
            Reason of the scrap
            <select
              className="station-input"
              value={reasonId}
              onChange={({ currentTarget: { value } }) => setReasonId(value)}
            >
              <option value="">In own words</option>
              {choices.map((each) => (
                <option key={each.id} value={each.id}>
                  {reasonText(each, navigator.languages)}
                </option>
              ))}
            </select>
          </label>
          {chosen !== undefined ? null : (
            <Words label="In own words" most={200} value={draft.reasons.scrap} onType={(text) => say('scrap', text)} />
          )}
        </>
      )}
      {wayBack !== null && isReported('rework') ? (
        <>
          <Words
            label="What is wrong with what goes back"
            most={500}
            value={draft.reasons.rework}
            onType={(text) => say('rework', text)}
          />
          <p>
            It goes back to {wayBack.sequence} {wayBack.name} once this operation is completed.
          </p>
        </>
      ) : null}
      <FormActs {...{ problem, onClose }} verb="Report" failure="Nothing was reported" deed={report} />
    </form>
  )
}

interface WordsProps {
  readonly label: string
  readonly most: number
  readonly value: string
  readonly onType: (text: string) => void
}

const Words = ({ label, most, value, onType }: WordsProps): ReactElement => (
  <label className="work-field">
    {label}
    <input
      className="station-input"
      maxLength={most}
      value={value}
      onChange={({ currentTarget }) => onType(currentTarget.value)}
    />
  </label>
)
