import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { exportGenealogy } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { downloadText } from '../../shell/download.ts'
import type { Question } from './thread-search.ts'

interface ExportThreadProps {
  readonly from: Question['from']
  readonly directions: readonly ('backward' | 'forward')[]
}

const mediaTypes = { csv: 'text/csv', json: 'application/json' } as const

/** The whole thread with every kind, as files: one for each way that is shown. */
export function ExportThread({ from, directions }: ExportThreadProps): ReactElement {
  const save = useMutation({
    mutationFn: async (format: 'csv' | 'json') => {
      for (const direction of directions) {
        const { fileName, content } = await client(exportGenealogy, { from, direction, format })
        downloadText(fileName, mediaTypes[format], content)
      }
    },
  })
  return (
    <>
      {(['csv', 'json'] as const).map((format) => (
        <Button
          key={format}
          variant="default"
          title="The whole thread with every kind, one file for each direction"
          loading={save.isPending && save.variables === format}
          onClick={() => save.mutate(format)}
        >
          Export {format.toUpperCase()}
        </Button>
      ))}
      {save.isError ? <ProblemNotice what="Nothing was exported" error={save.error} /> : null}
    </>
  )
}
