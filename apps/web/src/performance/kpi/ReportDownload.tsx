import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { EquipmentNode, Window } from '@throughline/model'
import { getShiftReport } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import { FileDown } from 'lucide-react'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { downloadFile } from '../../shell/download.ts'

const formats = ['pdf', 'xlsx', 'csv'] as const

interface ReportDownloadProps {
  readonly node: EquipmentNode
  readonly window: Window
}

/** The report of the window on screen, as a file to keep. */
export function ReportDownload({ node, window }: ReportDownloadProps): ReactElement {
  const report = useMutation({
    mutationFn: (format: (typeof formats)[number]) => client(getShiftReport, { nodeId: node.id, window, format }),
    onSuccess: ({ fileName, mediaType, content }) => downloadFile(fileName, mediaType, content),
  })
  return (
    <>
      {formats.map((format) => (
        <Button
          key={format}
          variant="default"
          leftSection={<FileDown size={16} aria-hidden="true" />}
          loading={report.isPending && report.variables === format}
          aria-label={`Download the report as ${format.toUpperCase()}`}
          onClick={() => report.mutate(format)}
        >
          {format.toUpperCase()}
        </Button>
      ))}
      {report.isError ? <ProblemNotice what="The report could not be made" error={report.error} /> : null}
    </>
  )
}
