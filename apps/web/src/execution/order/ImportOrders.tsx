import { useMutation } from '@tanstack/react-query'
import { DomainError } from '@throughline/kernel'
import type { EquipmentNode } from '@throughline/model'
import { importOrders } from '@throughline/model'
import { DataTable, ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useId, useState } from 'react'
import { z } from 'zod'
import { csvFileProblem, utf8Text } from '../../alarm/definition/import-words.ts'
import { client } from '../../door/client.ts'
import { Dialog } from '../../identity/access/Dialog.tsx'
import { FormEnd } from '../../identity/access/FormEnd.tsx'
import { useMakingRefresh } from '../form/making-queries.ts'

interface ImportOrdersProps {
  readonly nodes: readonly EquipmentNode[]
  readonly onClose: () => void
}

/** Orders from a file: first it is told what would be created, then it is done; all of them or none. */
export function ImportOrders({ nodes, onClose }: ImportOrdersProps): ReactElement {
  const refresh = useMakingRefresh()
  const fileId = useId()
  const [csv, setCsv] = useState<string | undefined>(undefined)
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const send = (dryRun: boolean) => () => client(importOrders, { csv: csv ?? '', dryRun })
  const preview = useMutation({ mutationFn: send(true) })
  const save = useMutation({
    mutationFn: send(false),
    onSuccess: async () => {
      onClose()
      await refresh()
    },
  })
  const would = preview.data?.wouldCreate ?? 0
  const bad = badLinesOf(preview.error ?? save.error)
  const site = nodes.find(({ level }) => level === 'site')?.path ?? 'enterprise/site'

  async function choose(file: File | undefined): Promise<void> {
    preview.reset()
    save.reset()
    const wrong = file === undefined ? undefined : csvFileProblem(file)
    const text = file === undefined || wrong !== undefined ? undefined : utf8Text(await file.arrayBuffer())
    setCsv(text)
    const notUtf8 = file !== undefined && text === undefined
    setProblem(wrong ?? (notUtf8 ? `"${file.name}" is not in UTF-8: save it as "CSV UTF-8".` : undefined))
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (csv === undefined) setProblem((before) => before ?? 'Choose the file.')
    else (would > 0 ? save : preview).mutate()
  }

  return (
    <Dialog title="Import orders from CSV" size="lg" onClose={onClose}>
      <form className="access-form" onSubmit={onSubmit}>
        <p>The first line names the columns; code, priority, due and reference may be missing or empty:</p>
        <pre className="making-sample">
          code,product,quantity,site,priority,due,reference{'\n'},BRK-100,4,{site},3,2026-12-01T14:00:00+01:00,Project 7
        </pre>
        <div className="form-line">
          <label htmlFor={fileId}>File (CSV in UTF-8, up to 5 MB)</label>
          <input
            id={fileId}
            type="file"
            accept=".csv,text/csv"
            onChange={(event) => void choose(event.currentTarget.files?.[0])}
          />
        </div>
        {preview.isError ? <ProblemNotice what="The file cannot be imported" error={preview.error} /> : null}
        {bad.length === 0 ? null : (
          <DataTable
            caption="Lines to be corrected"
            rows={bad}
            rowKey={({ line, column, problem: text }) => `${line} ${column} ${text}`}
            columns={[
              { key: 'line', head: 'Line', align: 'right', tight: true, cell: ({ line }) => line },
              { key: 'column', head: 'Column', tight: true, cell: ({ column }) => column ?? 'whole line' },
              { key: 'problem', head: 'What is wrong', cell: (row) => row.problem },
            ]}
          />
        )}
        {preview.data === undefined ? null : (
          <p role="status">
            <strong>{would === 0 ? 'No order would be created' : `${would} orders would be created`}</strong>
            {preview.data.known.length === 0
              ? ''
              : `; ${preview.data.known.length} are there already and stay as they are: ${preview.data.known.join(', ')}`}
          </p>
        )}
        <FormEnd
          problem={problem}
          save={would > 0 ? save : { ...preview, isError: false }}
          failure="No order was created"
          verb={would > 0 ? `Create ${would}` : 'Show what it would create'}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  )
}

const BadLines = z.array(z.object({ line: z.int(), column: z.string().nullable(), problem: z.string() }))

function badLinesOf(error: unknown): z.infer<typeof BadLines> {
  const read = BadLines.safeParse(error instanceof DomainError ? error.details['lines'] : undefined)
  return read.success ? read.data : []
}
