import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { CleaningStatus, EquipmentNode } from '@throughline/model'
import { listCleaning, listLogbooks, setCleaningRule } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { numberOf } from '../../alarm/definition/definition-draft.ts'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { ScopePicker } from '../../identity/access/ScopePicker.tsx'
import { useNodes, useNow } from '../../performance/machine/performance-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { makingRefreshMs } from '../form/making-queries.ts'
import { TaskDialog } from '../form/TaskDialog.tsx'
import { MakingTabs } from '../version/MakingTabs.tsx'
import { cleaningWords, holdText } from './logbook-words.ts'
import '../../performance/performance.css'
import '../making.css'

/** How clean the equipment is, since when, and until when that holds. */
export function CleaningScreen(): ReactElement {
  const { tree, nodes } = useNodes()
  const denial = useDenial()
  const now = useNow(10_000)
  const [setting, setSetting] = useState(false)
  const { data, error } = useQuery({ ...ask(listCleaning, {}), refetchInterval: makingRefreshMs })
  const { data: books } = useQuery(ask(listLogbooks, { kind: 'cleaning' }))
  const late = data?.filter((each) => holdText(each, now) !== undefined).length ?? 0
  const dirty = data?.filter(({ status }) => status === 'dirty').length ?? 0
  const unknown = data?.filter(({ status }) => status === 'unknown').length ?? 0
  const time = (at: CleaningStatus['since'], nodeId: string): string =>
    at === null ? '—' : formatInstant(at, 'record', tree.timeZoneOf(nodeId))
  return (
    <>
      <ScreenHead
        title="Cleaning"
        answer={
          data === undefined ? undefined : (
            <>
              <span>{dirty} dirty</span>
              {unknown === 0 ? null : <span>{unknown} not known</span>}
              <strong>{late === 0 ? 'no hold time is over' : `${late} with a hold time that is over`}</strong>
            </>
          )
        }
        actions={
          <GuardedButton reason={denial('equipment.asset.write', 'set hold times')} onClick={() => setSetting(true)}>
            Set hold times
          </GuardedButton>
        }
      />
      <MakingTabs />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The cleaning status could not be read" error={error} />}
        {data === undefined ? null : (
          <DataTable
            caption="Cleaning status of equipment"
            rows={data}
            rowKey={({ nodeId }) => nodeId}
            empty={
              <EmptyState
                title="Of no equipment it is known how clean it is."
                reason="Open a cleaning logbook at it: an entry by its cleaning form makes it clean from then on."
              />
            }
            columns={[
              {
                key: 'where',
                head: 'Equipment',
                cell: ({ nodeId }) => tree.byId(nodeId)?.path ?? 'outside your scopes',
              },
              {
                key: 'status',
                head: 'Status',
                tight: true,
                cell: (row) => (
                  <>
                    <strong>{cleaningWords[row.status]}</strong>
                    {holdText(row, now) === undefined ? null : (
                      <span className="machine-sub">{holdText(row, now)}</span>
                    )}
                  </>
                ),
              },
              { key: 'since', head: 'Since', tight: true, cell: ({ since, nodeId }) => time(since, nodeId) },
              {
                key: 'until',
                head: 'Holds until',
                tight: true,
                cell: ({ status, cleanUntil, cleanBy, nodeId }) =>
                  status === 'clean'
                    ? cleanUntil === null
                      ? 'no limit'
                      : time(cleanUntil, nodeId)
                    : cleanBy === null
                      ? '—'
                      : `clean by ${time(cleanBy, nodeId)}`,
              },
              { key: 'use', head: 'Last use', cell: ({ lastUse }) => lastUse ?? '—' },
              {
                key: 'book',
                head: 'Logbook',
                tight: true,
                cell: ({ nodeId }) => {
                  const book = books?.find((each) => each.nodeId === nodeId)
                  return book === undefined ? (
                    '—'
                  ) : (
                    <Link to="/logbooks/$logbookId" params={{ logbookId: book.id }}>
                      {book.name}
                    </Link>
                  )
                },
              },
            ]}
          />
        )}
      </div>
      {setting ? <HoldTimes nodes={nodes} onClose={() => setSetting(false)} /> : null}
    </>
  )
}

const secondsPerHour = 3600

/** Hours as typed; null = no limit, undefined = no number above 0. */
function seconds(text: string): number | null | undefined {
  if (text.trim() === '') return null
  const hours = numberOf(text)
  return hours === undefined || hours <= 0 ? undefined : Math.max(1, Math.round(hours * secondsPerHour))
}

interface HoldTimesProps {
  readonly nodes: readonly EquipmentNode[]
  readonly onClose: () => void
}

function HoldTimes({ nodes, onClose }: HoldTimesProps): ReactElement {
  const [nodeId, setNodeId] = useState<EquipmentNode['id'] | null>(null)
  const [clean, setClean] = useState('')
  const [dirty, setDirty] = useState('')
  const [cleanHoldSeconds, dirtyHoldSeconds] = [seconds(clean), seconds(dirty)]
  return (
    <TaskDialog
      title="Set hold times"
      verb="Set"
      failure="The hold times were not set"
      check={() =>
        nodeId === null
          ? 'Choose the equipment.'
          : cleanHoldSeconds === undefined || dirtyHoldSeconds === undefined
            ? 'Give hours above 0, or leave the field empty.'
            : undefined
      }
      onSave={(reason) =>
        client(setCleaningRule, {
          ...{ nodeId: nodeId ?? '', cleanHoldSeconds: cleanHoldSeconds ?? null, reason },
          dirtyHoldSeconds: dirtyHoldSeconds ?? null,
        })
      }
      onClose={onClose}
    >
      <div>
        <p className="performance-bar-label">Equipment</p>
        <ScopePicker label="Equipment" nodes={nodes} value={nodeId} onPick={setNodeId} none="Type part of its path" />
      </div>
      <TextInput
        label="Clean hold, hours"
        description="So long it stays clean unused; empty = no limit"
        inputMode="decimal"
        value={clean}
        onChange={({ currentTarget: { value } }) => setClean(value)}
      />
      <TextInput
        label="Dirty hold, hours"
        description="Cleaning must have begun by then; empty = no limit"
        inputMode="decimal"
        value={dirty}
        onChange={({ currentTarget: { value } }) => setDirty(value)}
      />
    </TaskDialog>
  )
}
