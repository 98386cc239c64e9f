import type { ReactElement } from 'react'
import { MediaView } from './media/MediaView.tsx'
import { text } from './step-limits.ts'
import type { Cell, Sheet } from './step-sheet.ts'
import { cellKey, cellsOf } from './step-sheet.ts'

interface StepWordsProps {
  readonly cell: Cell
  readonly sheet: Sheet
}

/** What the step says and shows. */
export function StepWords({ cell, sheet }: StepWordsProps): ReactElement {
  const { title, body, media, optional } = cell.step
  const cells = cellsOf(sheet)
  const number = cells.findIndex((each) => cellKey(each) === cellKey(cell)) + 1
  return (
    <>
      <div className="work-step-head">
        <h3 id="work-step-now" className="work-step-now">
          {text(title)}
        </h3>
        <p className="work-step-number">
          Step {number} of {cells.length}
          {cell.code === null ? '' : ` · piece ${cell.code}`}
          {optional ? ' · may be left out' : ''}
        </p>
      </div>
      {body === null ? null : <p className="making-text">{text(body)}</p>}
      {media.length === 0 ? null : (
        <div className="work-media">
          {media.map((each, index) => (
            <MediaView key={`${each.blob} ${each.page} ${String(index)}`} media={each} />
          ))}
        </div>
      )}
    </>
  )
}
