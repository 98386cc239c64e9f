import type { Reason } from '@throughline/model'
import { ChevronLeft } from 'lucide-react'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { reasonText } from '../machine/machine-words.ts'
import { offeredReasons, placedReasons } from '../stop/stop-rules.ts'

interface ReasonTilesProps {
  readonly reasons: readonly Reason[]
  /** Ids, most likely first. */
  readonly suggested: readonly string[]
  readonly busy: boolean
  readonly onPick: (reason: Reason) => void
}

/** Reasons to touch: the likely ones first, then the tree, one level at a time. */
export function ReasonTiles({ reasons, suggested, busy, onPick }: ReasonTilesProps): ReactElement {
  const [group, setGroup] = useState<Reason | undefined>(undefined)
  const { likely } = offeredReasons(reasons, suggested)
  const placed = placedReasons(reasons)
  const known = new Set<string>(placed.map(({ reason }) => reason.id))
  const level = placed.filter(({ reason }) => {
    const parent = reason.parentId !== null && known.has(reason.parentId) ? reason.parentId : null
    return parent === (group?.id ?? null)
  })
  return (
    <>
      {likely.length === 0 ? null : (
        <>
          <h3>Most likely</h3>
          <div className="station-tiles">
            {likely.map((reason) => (
              <button
                key={reason.id}
                type="button"
                className="station-tile station-tile-likely"
                disabled={busy}
                onClick={() => onPick(reason)}
              >
                {textOf(reason)}
              </button>
            ))}
          </div>
        </>
      )}
      <h3>{group === undefined ? (likely.length === 0 ? 'Reasons' : 'All reasons') : textOf(group)}</h3>
      <div className="station-tiles">
        {group === undefined ? null : (
          <button
            type="button"
            className="station-tile"
            onClick={() => setGroup(reasons.find(({ id }) => id === group.parentId))}
          >
            <ChevronLeft size={30} aria-hidden="true" /> Back
          </button>
        )}
        {level.map(({ reason, isGroup }) => (
          <button
            key={reason.id}
            type="button"
            className="station-tile"
            disabled={busy}
            onClick={() => (isGroup ? setGroup(reason) : onPick(reason))}
          >
            {textOf(reason)}
            {isGroup ? ' …' : ''}
          </button>
        ))}
      </div>
    </>
  )
}

const textOf = (reason: Reason): string => reasonText(reason, navigator.languages)
