import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { AlarmImportChange, EquipmentNode } from '@throughline/model'
import { exportAlarmDefinitions, importAlarmDefinitions, listAlarmDefinitions } from '@throughline/model'
import type { AlarmPriority } from '@throughline/ui'
import { AlarmMark, DataTable, ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useId, useState } from 'react'
import { client } from '../../door/client.ts'
import { Dialog } from '../../identity/access/Dialog.tsx'
import { ReasonedEnd } from '../../identity/access/ReasonedEnd.tsx'
import { downloadText } from '../../shell/download.ts'
import { csvFileProblem, importAnswer, utf8Text } from './import-words.ts'

/** Writes the master alarm database as a file; `node` = only what lies there. */
export function ExportButton({ node }: { readonly node: EquipmentNode | undefined }): ReactElement {
  const save = useMutation({
    mutationFn: () => client(exportAlarmDefinitions, node === undefined ? {} : { nodeId: node.id }),
    onSuccess: ({ text }) => {
      const place = node === undefined ? '' : `-${node.path.replaceAll('/', '-')}`
      // Spreadsheets take a file for UTF-8 only with this mark.
      downloadText(`master-alarm-database${place}.csv`, 'text/csv', `\uFEFF${text}`)
    },
  })
  return (
    <>
      <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>
        Export CSV
      </Button>
      {save.isError ? <ProblemNotice what="The file was not made" error={save.error} /> : null}
    </>
  )
}

interface Chosen {
  readonly file: File
  readonly text: string
}

/** Drafts what differs in a file: first it is told, then it is done. */
export function ImportDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const queryClient = useQueryClient()
  const fileId = useId()
  const [chosen, setChosen] = useState<Chosen | undefined>(undefined)
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const [drafted, setDrafted] = useState<number | undefined>(undefined)
  const send = (dryRun: boolean) => async () =>
    await client(importAlarmDefinitions, { text: chosen?.text ?? '', changeReason: reason.trim(), dryRun })
  const preview = useMutation({ mutationFn: send(true) })
  const save = useMutation({
    mutationFn: send(false),
    onSuccess: async ({ changes }) => {
      await queryClient.invalidateQueries({ queryKey: [listAlarmDefinitions.name] })
      setDrafted(changes.length)
    },
  })
  const told = preview.data
  const isReady = told !== undefined && told.changes.length > 0

  async function choose(file: File | undefined): Promise<void> {
    preview.reset()
    save.reset()
    const wrong = file === undefined ? undefined : csvFileProblem(file)
    const text = file === undefined || wrong !== undefined ? undefined : utf8Text(await file.arrayBuffer())
    setChosen(file === undefined || text === undefined ? undefined : { file, text })
    setProblem(
      wrong ??
        (file !== undefined && text === undefined
          ? `"${file.name}" is not in UTF-8: save it as "CSV UTF-8", so that no letter is lost.`
          : undefined),
    )
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (chosen === undefined) {
      setProblem((before) => before ?? 'Choose the file.')
      return
    }
    const missing = reason.trim().length < 3 ? 'Say why, in 3 characters at least.' : undefined
    setProblem(missing)
    if (missing === undefined) (isReady ? save : preview).mutate()
  }

  if (drafted !== undefined) {
    return (
      <Dialog title="Import alarms from CSV" onClose={onClose}>
        <div className="access-form">
          <p role="status">
            {drafted === 1 ? '1 draft waits' : `${drafted} drafts wait`} to be reviewed and released. Nothing raises an
            alarm before that.
          </p>
          <div className="access-actions">
            <Button onClick={onClose}>Close</Button>
          </div>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog title="Import alarms from CSV" size="lg" onClose={onClose}>
      <form className="access-form" onSubmit={onSubmit}>
        <p>
          Export the list, change it in a spreadsheet, and import it here. Each line that differs becomes a draft; other
          lines, and alarms that are not in the file, stay as they are. One bad cell refuses the whole file.
        </p>
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
        {told === undefined ? null : (
          <section aria-label="What the import would draft">
            <p role="status">
              <strong>{importAnswer(told.changes.length, told.unchanged)}</strong>
            </p>
            {isReady ? <Changes changes={told.changes} /> : null}
          </section>
        )}
        <ReasonedEnd
          reason={reason}
          onReason={setReason}
          problem={problem}
          save={isReady ? save : { ...preview, isError: false }}
          failure="Nothing was drafted"
          verb={isReady ? `Draft ${told.changes.length}` : 'Show what it would draft'}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  )
}

const actionWords: Readonly<Record<AlarmImportChange['action'], (version: number) => string>> = {
  'new-alarm': () => 'New alarm',
  'next-version': (version) => `Next version, ${version}`,
  'change-draft': (version) => `Draft of version ${version}, changed`,
}

function Changes({ changes }: { readonly changes: readonly AlarmImportChange[] }): ReactElement {
  return (
    <DataTable
      caption="Drafts"
      rows={changes}
      rowKey={(row) => row.name}
      columns={[
        { key: 'line', head: 'Line', align: 'right', tight: true, cell: (row) => row.line },
        {
          key: 'name',
          head: 'Alarm',
          cell: (row) => (
            <>
              <span className="alarm-count">
                <AlarmMark priority={row.priority as AlarmPriority} size={14} /> <strong>{row.name}</strong>
              </span>
              <span className="access-sub">{actionWords[row.action](row.version)}</span>
            </>
          ),
        },
        {
          key: 'differences',
          head: 'What differs',
          cell: (row) => (
            <ul className="alarm-diff">
              {row.differences.map(({ column, before, after }) => (
                <li key={column}>
                  {column}: {row.action === 'new-alarm' ? null : <del>{before === '' ? '(empty)' : before}</del>}{' '}
                  <ins>{after === '' ? '(empty)' : after}</ins>
                </li>
              ))}
            </ul>
          ),
        },
      ]}
    />
  )
}
