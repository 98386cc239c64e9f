import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { AsBuilt, ConformityCertificate } from '@throughline/model'
import { exportConformity } from '@throughline/model'
import { DataTable, formatInstant, ProblemNotice } from '@throughline/ui'
import { FileDown } from 'lucide-react'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { piecesText } from '../../execution/form/amount.ts'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { downloadFrom } from '../../shell/download.ts'

interface IssuedCertificatesProps {
  readonly order: NonNullable<AsBuilt['order']>
  readonly issued: readonly ConformityCertificate[]
  readonly timeZone: string | undefined
}

const mostNamed = 5

/** Those that were issued for the order, each as a PDF. */
export function IssuedCertificates({ order, issued, timeZone }: IssuedCertificatesProps): ReactElement {
  const save = useMutation({
    mutationFn: (number: string) => client(exportConformity, { orderId: order.id, number }),
    onSuccess: ({ path, fileName }) => downloadFrom(path, fileName),
  })
  return (
    <>
      {save.isError ? <ProblemNotice what="The PDF could not be made" error={save.error} /> : null}
      <DataTable
        caption={`Certificates issued for ${order.code}`}
        rows={issued}
        rowKey={({ id }) => id}
        columns={[
          { key: 'number', head: 'Issued', tight: true, cell: ({ number }) => <strong>{number}</strong> },
          {
            key: 'pieces',
            head: 'Serials and lots',
            cell: ({ pieces, quantity, unit }) => (
              <>
                {pieces
                  .slice(0, mostNamed)
                  .map(({ code }) => code)
                  .join(', ')}
                {pieces.length > mostNamed ? ` and ${pieces.length - mostNamed} more` : ''}
                <span className="machine-sub">{piecesText(quantity, unit)}</span>
              </>
            ),
          },
          {
            key: 'departures',
            head: 'Departures',
            cell: ({ concessions }) =>
              concessions.length === 0 ? 'none' : concessions.map(({ code }) => code).join(', '),
          },
          {
            key: 'signed',
            head: 'Signed',
            cell: ({ releasedBy, releasedAt }) =>
              `${releasedBy ?? ''}, ${releasedAt === null ? '' : formatInstant(releasedAt, 'record', timeZone)}`,
          },
          {
            key: 'acts',
            head: <span className="tl-hidden">What can be done</span>,
            tight: true,
            cell: ({ id, number }) => (
              <span className="access-actions">
                <Button
                  variant="default"
                  size="compact-sm"
                  leftSection={<FileDown size={16} aria-hidden="true" />}
                  aria-label={`PDF of ${number}`}
                  loading={save.isPending && save.variables === number}
                  onClick={() => save.mutate(number)}
                >
                  PDF
                </Button>
                <RecordTrailLink kind="traceability.conformity" id={id} />
              </span>
            ),
          },
        ]}
      />
    </>
  )
}
