import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Inspection } from '@throughline/model'
import { formatInstant } from '@throughline/ui'
import type { ReactElement } from 'react'
import { limitText, valueWithUnit } from '../../execution/station/step-limits.ts'
import { failedOf, kindWords, passedWords } from './characteristics.ts'
import { InspectionDeviation } from './InspectionDeviation.tsx'

interface InspectionResultProps {
  readonly inspection: Inspection
  readonly timeZone: string | undefined
  readonly onNext: () => void
}

/** What came of an inspection that was just recorded. */
export function InspectionResult({ inspection, timeZone, onNext }: InspectionResultProps): ReactElement {
  const { kind, piece, at, passed, results, lotId } = inspection
  const failed = failedOf(inspection)
  return (
    <section className="performance-panel inspect-result" aria-labelledby="inspect-result">
      <div role="status">
        <h2 id="inspect-result">{passedWords(passed)}</h2>
      </div>
      <p>
        {kindWords[kind]} inspection of {piece}, {formatInstant(at, 'record', timeZone)}: {results.length}{' '}
        {results.length === 1 ? 'characteristic' : 'characteristics'} recorded.
        {passed === null ? ' Something of it is not known, so nothing is said to have passed.' : ''}
      </p>
      {failed.length === 0 ? null : (
        <ul className="making-list">
          {failed.map(({ characteristic, measured, low, high, unit }) => (
            <li key={`${characteristic} ${measured}`}>
              <strong>{characteristic}</strong>:{' '}
              {measured === null ? 'judged as failed' : valueWithUnit(measured, unit)}
              {limitText({ low, high }, unit) === undefined ? '' : `, allowed ${limitText({ low, high }, unit)}`}
            </li>
          ))}
        </ul>
      )}
      {passed === false ? (
        <p>
          Its deviation: <InspectionDeviation inspection={inspection} />
          {lotId === null ? '' : `. Until it is closed, ${piece} is neither released nor shipped.`}
        </p>
      ) : null}
      <div className="access-actions">
        <Button variant="default" onClick={onNext}>
          Record another
        </Button>
        {lotId === null ? null : (
          <Link to="/lots/$code/as-built" params={{ code: piece }}>
            How {piece} was made
          </Link>
        )}
      </div>
    </section>
  )
}
