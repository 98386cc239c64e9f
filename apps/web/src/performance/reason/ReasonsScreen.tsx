import { Button, SegmentedControl } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Reason } from '@throughline/model'
import { listReasons, retireReason } from '@throughline/model'
import { DataTable, EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { Dialog } from '../../identity/access/Dialog.tsx'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { categoryWords, reasonText } from '../machine/machine-words.ts'
import { useNodes } from '../machine/performance-hooks.ts'
import { PerformanceTabs } from '../PerformanceTabs.tsx'
import type { PlacedReason } from '../stop/stop-rules.ts'
import { allReasons } from '../stop/stop-rules.ts'
import { ReasonForm } from './ReasonForm.tsx'

/** Why machines stop and why parts are scrap: the trees that people choose from. */
export function ReasonsScreen(): ReactElement {
  const denial = useDenial()
  const { nodes, tree } = useNodes()
  const [kind, setKind] = useState<Reason['kind']>('stop')
  const [editing, setEditing] = useState<Reason | 'new' | undefined>(undefined)
  const [retiring, setRetiring] = useState<Reason | undefined>(undefined)
  const { data, error } = useQuery(ask(listReasons, { kind }))
  const rows = allReasons(data ?? [], ({ nodeId }) => tree.byId(nodeId)?.path ?? '')
  const mayNot = denial('performance.model.write', 'change the reasons')
  return (
    <>
      <ScreenHead
        title="Reasons"
        answer={data === undefined ? undefined : `${data.filter(({ retired }) => !retired).length} reasons are offered`}
        actions={
          <GuardedButton reason={mayNot} onClick={() => setEditing('new')}>
            Add a reason
          </GuardedButton>
        }
      />
      <PerformanceTabs />
      <div className="performance">
        <SegmentedControl
          aria-label="Reasons of"
          data={[
            { value: 'stop', label: 'Stops' },
            { value: 'scrap', label: 'Scrap' },
          ]}
          value={kind}
          onChange={(value) => setKind(value as Reason['kind'])}
          style={{ justifySelf: 'start' }}
        />
        {error === null ? null : <ProblemNotice what="The reasons could not be read" error={error} />}
        {data === undefined ? null : (
          <DataTable
            caption={kind === 'stop' ? 'Reasons of stops' : 'Reasons of scrap'}
            rows={rows}
            rowKey={({ reason }) => reason.id}
            empty={<EmptyState title="No reasons yet" reason="Without them nobody can say why: add the first above." />}
            columns={[
              { key: 'text', head: 'Reason', cell: (row) => <ReasonName row={row} /> },
              { key: 'code', head: 'Code', tight: true, cell: ({ reason }) => reason.code },
              {
                key: 'where',
                head: 'Where',
                cell: ({ reason }) => tree.byId(reason.nodeId)?.path ?? 'outside your scopes',
              },
              ...(kind === 'stop'
                ? [
                    {
                      key: 'category',
                      head: 'Counts as',
                      cell: ({ reason, isGroup }: PlacedReason) =>
                        isGroup || reason.category === null ? (
                          <span className="tl-dim">group</span>
                        ) : (
                          <>
                            {categoryWords[reason.category]}
                            {reason.insidePlannedTime ? (
                              <span className="machine-sub">inside the planned time</span>
                            ) : null}
                          </>
                        ),
                    },
                    {
                      key: 'codes',
                      head: 'Machine codes',
                      cell: ({ reason }: PlacedReason) => reason.machineCodes.join(', '),
                    },
                  ]
                : []),
              {
                key: 'texts',
                head: 'In other languages',
                cell: ({ reason }) =>
                  Object.entries(reason.texts)
                    .filter(([language]) => language !== 'en')
                    .map(([language, text]) => `${language}: ${text}`)
                    .join(', '),
              },
              {
                key: 'act',
                head: <span className="tl-hidden">Change</span>,
                tight: true,
                cell: ({ reason }) => (
                  <span className="form-line">
                    {reason.retired ? (
                      'retired'
                    ) : (
                      <>
                        <GuardedButton
                          size="compact-sm"
                          variant="default"
                          reason={mayNot}
                          aria-label={`Change ${reason.code}`}
                          onClick={() => setEditing(reason)}
                        >
                          Change
                        </GuardedButton>
                        <GuardedButton
                          size="compact-sm"
                          variant="default"
                          reason={mayNot}
                          aria-label={`Retire ${reason.code}`}
                          onClick={() => setRetiring(reason)}
                        >
                          Retire
                        </GuardedButton>
                      </>
                    )}
                    <RecordTrailLink kind="performance.reason" id={reason.id} />
                  </span>
                ),
              },
            ]}
          />
        )}
        {editing === undefined ? null : (
          <ReasonForm
            kind={kind}
            reason={editing === 'new' ? undefined : editing}
            reasons={data ?? []}
            nodes={nodes}
            onClose={() => setEditing(undefined)}
          />
        )}
        {retiring === undefined ? null : <RetireDialog reason={retiring} onClose={() => setRetiring(undefined)} />}
      </div>
    </>
  )
}

function ReasonName({ row: { reason, depth } }: { readonly row: PlacedReason }): ReactElement {
  return (
    <span className={reason.retired ? 'retired' : undefined} style={{ paddingLeft: `${depth * 20}px` }}>
      {reasonText(reason, navigator.languages)}
    </span>
  )
}

function RetireDialog({ reason, onClose }: { readonly reason: Reason; readonly onClose: () => void }): ReactElement {
  const queryClient = useQueryClient()
  const retire = useMutation({
    mutationFn: () => client(retireReason, { reasonId: reason.id }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: [listReasons.name] })
      onClose()
    },
  })
  return (
    <Dialog title={`Retire ${reasonText(reason, navigator.languages)}`} onClose={onClose}>
      <div className="access-form">
        <p>It is no longer offered. Where it was given it stays.</p>
        {retire.isError ? <ProblemNotice what="The reason is still offered" error={retire.error} /> : null}
        <div className="access-actions">
          <Button loading={retire.isPending} onClick={() => retire.mutate()}>
            Retire
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
