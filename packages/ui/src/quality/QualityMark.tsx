import type { ReactElement } from 'react'
import type { QualityState } from './quality-state.ts'
import { statusText } from './status-text.ts'
import './quality.css'

const marks = {
  good: { glyph: '', word: 'good' },
  uncertain: { glyph: '~', word: 'uncertain' },
  stale: { glyph: '◷', word: 'stale' },
  bad: { glyph: '—', word: 'bad' },
  missing: { glyph: '?', word: 'no data' },
} as const

interface QualityMarkProps {
  readonly quality: QualityState
  /** The OPC UA status code behind it: its reason becomes the title. */
  readonly status?: number | undefined
  /** Also write the word. */
  readonly worded?: boolean
}

/** How far the value beside it may be trusted; nothing is shown for a good one. */
export function QualityMark({ quality, status, worded = false }: QualityMarkProps): ReactElement | null {
  if (quality === 'good') return null
  const { glyph, word } = marks[quality]
  const reason = status === undefined ? word : statusText(status)
  return (
    <span className="tl-quality" title={reason}>
      <span aria-hidden="true">{glyph}</span>
      <span className={worded ? 'tl-quality-word' : 'tl-hidden'}>{word}</span>
    </span>
  )
}
