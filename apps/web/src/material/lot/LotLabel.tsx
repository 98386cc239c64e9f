import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { Lot } from '@throughline/model'
import { getLabel } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { downloadFile, downloadText } from '../../shell/download.ts'

/** The label of a lot: what its symbol says, and the files for a printer and for paper. */
export function LotLabel({ lot }: { readonly lot: Lot }): ReactElement {
  const label = useMutation({ mutationFn: () => client(getLabel, { subject: { lotId: lot.id } }) })
  const { data } = label
  return (
    <section className="performance-panel" aria-labelledby="lot-label">
      <h2 id="lot-label">Label</h2>
      {data === undefined ? (
        <Button variant="default" loading={label.isPending} onClick={() => label.mutate()}>
          Show the label
        </Button>
      ) : (
        <>
          <p>
            The symbol says <strong>{data.text}</strong>
          </p>
          <div className="access-actions">
            <Button
              variant="default"
              onClick={() => downloadFile(`label-${fileName(lot)}.pdf`, 'application/pdf', data.pdf)}
            >
              PDF to print
            </Button>
            <Button
              variant="default"
              onClick={() => downloadText(`label-${fileName(lot)}.zpl`, 'text/plain', data.zpl)}
            >
              ZPL for a label printer
            </Button>
          </div>
        </>
      )}
      {label.isError ? <ProblemNotice what="The label could not be made" error={label.error} /> : null}
    </section>
  )
}

const fileName = ({ code }: Lot): string => code.replaceAll('/', '-')
