import type { RunPiece } from '@throughline/model'
import type { ReactElement } from 'react'
import { startable } from './pieces.ts'

interface PieceChoiceProps {
  readonly pieces: readonly RunPiece[]
  /** By id; undefined = all that can be begun with. */
  readonly picked: readonly string[] | undefined
  readonly onPick: (id: string) => void
  readonly onAll: () => void
}

/** Which pieces are begun with: all of them, or those that were touched or scanned. */
export function PieceChoice({ pieces, picked, onPick, onAll }: PieceChoiceProps): ReactElement {
  const ready = new Set(startable(pieces).map(({ id }) => id as string))
  return (
    <fieldset className="work-pieces">
      <legend>Pieces to begin with: scan or touch those that you take</legend>
      <button type="button" className="station-tile" aria-pressed={picked === undefined} onClick={onAll}>
        All {ready.size}
      </button>
      {pieces.map(({ id, code, state, waitsFor }) => {
        const [before] = waitsFor
        return ready.has(id) ? (
          <button
            key={id}
            type="button"
            className="station-tile"
            aria-pressed={picked?.includes(id) ?? false}
            onClick={() => onPick(id)}
          >
            {code}
          </button>
        ) : (
          <p key={id} className="station-tile work-piece-not">
            {code}
            <span className="machine-sub">
              {state === 'scrapped'
                ? 'scrap'
                : state === 'rework'
                  ? 'back for rework'
                  : `first ${before?.sequence ?? ''} ${before?.name ?? 'another operation'}`}
            </span>
          </p>
        )
      })}
    </fieldset>
  )
}
