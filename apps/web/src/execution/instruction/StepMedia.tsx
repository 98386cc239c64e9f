import type { WorkInstruction } from '@throughline/model'
import type { ReactElement } from 'react'
import { lazy, Suspense } from 'react'
import { textIn } from '../version/version-words.ts'
import '../../performance/station/station.css'
import '../station/station-work.css'
import './instruction.css'

const PdfPage = lazy(async () => ({ default: (await import('../../shell/PdfPage.tsx')).PdfPage }))
const ModelView = lazy(async () => ({ default: (await import('../station/media/ModelView.tsx')).ModelView }))

interface StepMediaProps {
  readonly media: Omit<WorkInstruction['steps'][number]['media'][number], 'alt'> & {
    readonly alt: Readonly<Record<string, string>>
  }
}

/** A picture, video, page or model as it stands in the plant's store. */
export function StepMedia({ media: { kind, blob, alt, page } }: StepMediaProps): ReactElement {
  const url = `/api/execution/media/${blob}`
  const words = textIn(alt)
  switch (kind) {
    case 'picture':
      return <img className="instruction-media" src={url} alt={words} />
    case 'video':
      return (
        // biome-ignore lint/a11y/useMediaCaption: what it shows is told by its description and by the text of the step
        <video className="instruction-media" src={url} controls aria-label={words || 'Video'} />
      )
    case 'pdf-page':
      return (
        <Suspense fallback={<p className="tl-dim">The page is being read</p>}>
          <PdfPage source={url} page={page ?? 1} alt={words || `Page ${page ?? 1}`} />
        </Suspense>
      )
    case 'model':
      return (
        <Suspense fallback={<p className="tl-dim">The model is being read</p>}>
          <ModelView source={url} words={words || '3-D model'} />
        </Suspense>
      )
  }
}
