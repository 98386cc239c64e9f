import { Link } from '@tanstack/react-router'
import { EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import type { Scales } from './use-scales.ts'

interface ScaleTilesProps {
  readonly scales: Scales
  readonly onPick: (code: string) => void
}

/** The scales to choose from; one that may not be used says why. */
export function ScaleTiles({ scales: { all, chosen, error }, onPick }: ScaleTilesProps): ReactElement {
  return (
    <fieldset className="station-choice">
      <legend>Scale: scan or choose it</legend>
      {error === null ? null : <ProblemNotice what="The scales could not be read" error={error} />}
      {all?.length === 0 ? (
        <EmptyState
          title="No scale is registered."
          reason="An engineer registers one."
          action={<Link to="/gauges-and-tools">Gauges and tools</Link>}
        />
      ) : null}
      <div className="station-tiles">
        {all?.map(({ scale: { code, type }, problem }) => (
          <button
            key={code}
            type="button"
            className="station-tile work-tile"
            aria-pressed={code === chosen?.code}
            aria-disabled={problem !== undefined}
            onClick={() => (problem === undefined ? onPick(code) : undefined)}
          >
            <strong>{code}</strong>
            <span>{problem === undefined ? type : `Not to be used: ${problem}`}</span>
          </button>
        ))}
      </div>
    </fieldset>
  )
}
