import { Clock3 } from 'lucide-react'
import type { ReactElement } from 'react'
import type { QualityState } from './quality-state.ts'
import { statusText } from './status-text.ts'
import './quality.css'

const words = { good: 'good', uncertain: 'uncertain', stale: 'stale', bad: 'bad', missing: 'no data' } as const

/** The bare sign of a quality: `~` uncertain, a clock for stale, `—` bad, `?` for no data. */
export function QualityGlyph({ quality }: { readonly quality: QualityState }): ReactElement | null {
  switch (quality) {
    case 'good':
      return null
    case 'uncertain':
      return <span aria-hidden="true">~</span>
    case 'stale':
      return <Clock3 size={12} strokeWidth={2.5} aria-hidden="true" />
    case 'bad':
      return <span aria-hidden="true">—</span>
    case 'missing':
      return <span aria-hidden="true">?</span>
  }
}

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
  const word = words[quality]
  const reason = status === undefined ? word : statusText(status)
  return (
    <span className="tl-quality" title={reason}>
      <QualityGlyph quality={quality} />
      <span className={worded ? 'tl-quality-word' : 'tl-hidden'}>{word}</span>
    </span>
  )
}
