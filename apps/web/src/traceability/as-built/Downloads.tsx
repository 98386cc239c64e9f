import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { Lot } from '@throughline/model'
import { exportAsBuilt, proveAsBuilt } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import { FileDown } from 'lucide-react'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { downloadFrom } from '../../shell/download.ts'

type Form = 'pdf' | 'json' | 'bundle'

/** The as-built record as files: for people, for programs, and with the proofs of the ledger. */
export function Downloads({ lotId }: { readonly lotId: Lot['id'] }): ReactElement {
  const denial = useDenial()
  const save = useMutation({
    mutationFn: async (form: Form) =>
      form === 'bundle'
        ? await client(proveAsBuilt, { lotId })
        : { ...(await client(exportAsBuilt, { lotId, format: form })), readings: null },
    onSuccess: ({ path, fileName }) => downloadFrom(path, fileName),
  })
  const icon = <FileDown size={18} aria-hidden="true" />
  return (
    <>
      {(['pdf', 'json'] as const).map((form) => (
        <Button
          key={form}
          variant="default"
          leftSection={icon}
          loading={save.isPending && save.variables === form}
          onClick={() => save.mutate(form)}
        >
          {form.toUpperCase()}
        </Button>
      ))}
      <GuardedButton
        variant="default"
        leftSection={icon}
        loading={save.isPending && save.variables === 'bundle'}
        reason={denial('platform.audit.read', 'read the audit trail that the bundle holds')}
        onClick={() => save.mutate('bundle')}
      >
        Bundle with proofs
      </GuardedButton>
      {save.data?.readings == null ? null : (
        <Button
          component="a"
          href={save.data.readings.path}
          download={save.data.readings.fileName}
          variant="default"
          leftSection={icon}
          // The file is handed out once.
          onClick={() => setTimeout(save.reset)}
        >
          Readings that it seals
        </Button>
      )}
      {save.isError ? <ProblemNotice what="The file could not be made" error={save.error} /> : null}
    </>
  )
}
