import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { BundleSubject } from '@throughline/model'
import { exportLedger } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import { FileDown } from 'lucide-react'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { downloadFrom } from '../../shell/download.ts'

/** Downloads a bundle: what was recorded with everything that a stranger needs to check it. */
export function DownloadProof({ subject, label }: { subject: BundleSubject; label: string }): ReactElement {
  const download = useMutation({
    mutationFn: () => client(exportLedger, { subject }),
    onSuccess: ({ path, fileName }) => downloadFrom(path, fileName),
  })
  return (
    <>
      <Button
        variant="default"
        leftSection={<FileDown size={18} aria-hidden="true" />}
        loading={download.isPending}
        onClick={() => download.mutate()}
      >
        {label}
      </Button>
      {download.isError ? <ProblemNotice what="The bundle could not be made" error={download.error} /> : null}
    </>
  )
}
