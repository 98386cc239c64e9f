import { useQuery } from '@tanstack/react-query'
import type { LineSetting } from '@throughline/model'
import { listLines } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, formatNumber, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { useNodes } from '../machine/performance-hooks.ts'
import { PerformanceTabs } from '../PerformanceTabs.tsx'
import { LineForm } from './LineForm.tsx'

/** In which order parts pass the machines of each line: from it follows who is starved, who is blocked, and by whom. */
export function LinesScreen(): ReactElement {
  const mayNot = useDenial()('performance.model.write', 'set the order of a line')
  const { nodes, tree } = useNodes()
  const { data, error } = useQuery(ask(listLines, {}))
  const [editing, setEditing] = useState<LineSetting | 'new' | undefined>(undefined)
  const nameOf = (nodeId: string): string => tree.byId(nodeId)?.name ?? 'outside your scopes'
  return (
    <>
      <ScreenHead
        title="Lines"
        answer={data === undefined ? undefined : `${data.length} ${data.length === 1 ? 'line' : 'lines'} with an order`}
        actions={
          <GuardedButton reason={mayNot} onClick={() => setEditing('new')}>
            Set the order of a line
          </GuardedButton>
        }
      />
      <PerformanceTabs />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The lines could not be read" error={error} />}
        {data === undefined ? null : (
          <DataTable
            caption="Lines"
            rows={data}
            rowKey={(row) => row.id}
            empty={
              <EmptyState
                title="No line has an order yet"
                reason="Without one a machine that waits is idle: nobody knows by whom it is starved or blocked."
              />
            }
            columns={[
              { key: 'line', head: 'Line', cell: (row) => tree.byId(row.lineId)?.path ?? 'outside your scopes' },
              { key: 'order', head: 'Machines, in the order of the parts', cell: (row) => orderText(row, nameOf) },
              {
                key: 'key',
                head: 'Key machine',
                tight: true,
                cell: (row) =>
                  row.keyNodeId === null
                    ? `${nameOf(row.machines.at(-1)?.nodeId ?? '')} (the last)`
                    : nameOf(row.keyNodeId),
              },
              {
                key: 'set',
                head: 'Set',
                cell: (row) => (
                  <>
                    {formatInstant(row.recordedAt, 'record', tree.timeZoneOf(row.lineId))} by {row.recordedBy}
                    <span className="machine-sub">
                      version {row.version}: {row.reason}
                    </span>
                  </>
                ),
              },
              {
                key: 'act',
                head: <span className="tl-hidden">Change</span>,
                tight: true,
                cell: (row) => (
                  <span className="form-line">
                    <GuardedButton
                      size="compact-sm"
                      variant="default"
                      reason={mayNot}
                      aria-label={`Change the order of ${nameOf(row.lineId)}`}
                      onClick={() => setEditing(row)}
                    >
                      Change
                    </GuardedButton>
                    <RecordTrailLink kind="performance.line_setting" id={row.id} />
                  </span>
                ),
              },
            ]}
          />
        )}
      </div>
      {editing === undefined ? null : (
        <LineForm
          before={editing === 'new' ? undefined : editing}
          taken={(data ?? []).map(({ lineId }) => lineId)}
          nodes={nodes}
          tree={tree}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  )
}

/** `FIL-01 → 30 s → CAP-01`: a buffer stands where it is. */
function orderText({ machines }: LineSetting, nameOf: (nodeId: string) => string): string {
  return machines
    .map(({ nodeId, bufferSeconds }, index) => {
      const buffer = bufferSeconds > 0 && index < machines.length - 1
      return `${nameOf(nodeId)}${buffer ? ` → ${formatNumber(bufferSeconds, 0)}\u202fs` : ''}`
    })
    .join(' → ')
}
