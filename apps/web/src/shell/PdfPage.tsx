import { messageOf } from '@throughline/kernel'
import * as pdf from 'pdfjs-dist'
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url'
import type { ReactElement } from 'react'
import { useEffect, useRef, useState } from 'react'
import './pdf-page.css'

pdf.GlobalWorkerOptions.workerSrc = workerUrl

interface PdfPageProps {
  /** Its address, or the file itself. */
  readonly source: string | Uint8Array
  /** From 1. */
  readonly page: number
  readonly alt: string
}

const sharpness = 2

/** One page of a PDF, drawn: the pages' rules keep documents of their own out. Load it only when a page is shown. */
export function PdfPage({ source, page, alt }: PdfPageProps): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  useEffect(() => {
    // The reader takes bytes for its own: it gets a copy.
    const loading = pdf.getDocument(typeof source === 'string' ? { url: source } : { data: source.slice() })
    let over = false
    void draw()
    async function draw(): Promise<void> {
      try {
        const document = await loading.promise
        if (page < 1 || page > document.numPages) {
          setProblem(`The PDF has ${document.numPages} pages, and no page ${page}.`)
          return
        }
        const found = await document.getPage(page)
        const target = canvas.current
        if (over || target === null) return
        const viewport = found.getViewport({ scale: sharpness })
        target.width = viewport.width
        target.height = viewport.height
        await found.render({ canvas: target, viewport }).promise
        setProblem(undefined)
      } catch (error) {
        if (!over) setProblem(`The PDF cannot be shown: ${messageOf(error)}`)
      }
    }
    return () => {
      over = true
      void loading.destroy()
    }
  }, [source, page])
  return (
    <>
      <canvas ref={canvas} className="pdf-page" role="img" aria-label={alt} hidden={problem !== undefined} />
      {problem === undefined ? null : <p role="alert">{problem}</p>}
    </>
  )
}
