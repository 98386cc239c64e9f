import type { InstructionStep } from '@throughline/model'
import type { ReactElement } from 'react'
import { lazy, Suspense } from 'react'
import { mediaAddress } from '../../offline/kept-files.ts'
import { text } from '../step-limits.ts'

const PdfPage = lazy(async () => ({ default: (await import('../../../shell/PdfPage.tsx')).PdfPage }))
const ModelView = lazy(async () => ({ default: (await import('./ModelView.tsx')).ModelView }))

/** What is shown with a step. */
export function MediaView({ media }: { readonly media: InstructionStep['media'][number] }): ReactElement {
  const { kind, blob, alt, page } = media
  const source = mediaAddress(blob)
  const words = text(alt)
  switch (kind) {
    case 'picture':
      return <img className="work-picture" src={source} alt={words} />
    case 'video':
      return (
        // biome-ignore lint/a11y/useMediaCaption: what it shows is told by its description and by the words of the step
        <video className="work-picture" src={source} controls playsInline aria-label={words || 'Video'} />
      )
    case 'pdf-page':
      return (
        <Suspense fallback={<p aria-busy="true">The page is being read</p>}>
          <PdfPage source={source} page={page ?? 1} alt={words || `Page ${page ?? 1}`} />
        </Suspense>
      )
    case 'model':
      return (
        <Suspense fallback={<p aria-busy="true">The model is being read</p>}>
          <ModelView source={source} words={words || '3-D model'} />
        </Suspense>
      )
  }
}
