import type { RunPiece } from '@throughline/model'
import type { ReactElement } from 'react'
import type { ReportDraft, Verdict } from './report-draft.ts'

interface PieceVerdictsProps {
  readonly pieces: readonly RunPiece[]
  readonly draft: Pick<ReportDraft, 'marks'>
  readonly verdicts: readonly Verdict[]
  /** What a piece is that is touched or scanned now. */
  readonly verdict: Verdict
  readonly onVerdict: (verdict: Verdict) => void
  readonly onPiece: (id: string) => void
}

/** Each piece by its name: first what it is, then the pieces that are it. */
export function PieceVerdicts({
  pieces,
  draft,
  verdicts,
  verdict,
  onVerdict,
  onPiece,
}: PieceVerdictsProps): ReactElement {
  return (
    <>
      <fieldset className="work-pieces">
        <legend>What you touch or scan now is</legend>
        {verdicts.map((each) => (
          <button
            key={each}
            type="button"
            className="station-tile"
            aria-pressed={each === verdict}
            onClick={() => onVerdict(each)}
          >
            Mark as {each}
          </button>
        ))}
      </fieldset>
      <fieldset className="work-pieces">
        <legend>Pieces: scan or touch them</legend>
        {pieces.map(({ id, code }) => {
          const mark = draft.marks[id]
          return (
            <button
              key={id}
              type="button"
              className="station-tile"
              aria-pressed={mark !== undefined}
              onClick={() => onPiece(id)}
            >
              {code}
              {mark === undefined ? null : <span className="machine-sub">{mark}</span>}
            </button>
          )
        })}
      </fieldset>
    </>
  )
}

interface LotChoiceProps {
  readonly label: string
  readonly pieces: readonly RunPiece[]
  readonly value: string
  readonly onChange: (id: string) => void
}

/** Of several lots, the one that is meant. */
export const LotChoice = ({ label, pieces, value, onChange }: LotChoiceProps): ReactElement => (
  <label className="work-field">
    {label}
    <select
      className="station-input"
      value={value}
      onChange={({ currentTarget: { value: chosen } }) => onChange(chosen)}
    >
      <option value="">None</option>
      {pieces.map(({ id, code }) => (
        <option key={id} value={id}>
          {code}
        </option>
      ))}
    </select>
  </label>
)
