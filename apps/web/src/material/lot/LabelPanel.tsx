import { Button, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getLabel } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { z } from 'zod'
import { ask } from '../../door/queries.ts'
import { downloadFile, downloadText } from '../../shell/download.ts'
import './label.css'

const PdfPage = lazy(async () => ({ default: (await import('../../shell/PdfPage.tsx')).PdfPage }))

type Input = z.input<typeof getLabel.input>

interface LabelPanelProps {
  readonly subject: Input['subject']
  /** For the names of its files. */
  readonly name: string
}

const symbols = [
  { value: 'gs1-datamatrix', label: 'GS1 DataMatrix' },
  { value: 'qr', label: 'QR code' },
]

/** The label of a lot, container or gauge: what it looks like, what its symbol says, and the files for printers. */
export function LabelPanel({ subject, name }: LabelPanelProps): ReactElement {
  const [shown, setShown] = useState(false)
  const [symbol, setSymbol] = useState<NonNullable<Input['symbol']>>('gs1-datamatrix')
  const { data, error } = useQuery({ ...ask(getLabel, { subject, symbol }), enabled: shown, staleTime: 60_000 })
  const pdf = useMemo(() => (data === undefined ? undefined : bytesOf(data.pdf)), [data])
  const file = name.replaceAll('/', '-')
  return (
    <section className="performance-panel" aria-labelledby="label-panel">
      <h2 id="label-panel">Label</h2>
      {shown ? (
        <NativeSelect
          className="label-symbol"
          label="Symbol"
          value={symbol}
          data={symbols}
          onChange={({ currentTarget: { value } }) => setSymbol(value === 'qr' ? 'qr' : 'gs1-datamatrix')}
        />
      ) : (
        <Button variant="default" onClick={() => setShown(true)}>
          Show the label
        </Button>
      )}
      {data === undefined || pdf === undefined ? null : (
        <>
          <p className="label-text">
            The symbol says <strong>{data.text}</strong>
          </p>
          <div className="label-page">
            <Suspense fallback={<p className="tl-dim">The label is being drawn</p>}>
              <PdfPage source={pdf} page={1} alt={`The label of ${name}`} />
            </Suspense>
          </div>
          <div className="access-actions">
            <Button variant="default" onClick={() => downloadFile(`label-${file}.pdf`, 'application/pdf', data.pdf)}>
              PDF to print
            </Button>
            <Button variant="default" onClick={() => downloadText(`label-${file}.zpl`, 'text/plain', data.zpl)}>
              ZPL for a label printer
            </Button>
          </div>
        </>
      )}
      {error === null ? null : <ProblemNotice what="The label could not be made" error={error} />}
    </section>
  )
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))
