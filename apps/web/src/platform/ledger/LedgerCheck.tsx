import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Instant } from '@throughline/kernel'
import { checkLedger, getLedgerStatus } from '@throughline/model'
import { DataTable, formatDuration, formatNumber, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'

/** Checks everything on request, and says in words what it found. */
export function LedgerCheck({ timeText }: { timeText: (at: Instant) => string }): ReactElement {
  const queryClient = useQueryClient()
  const denial = useDenial()
  const check = useMutation({
    mutationFn: () => client(checkLedger, {}),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [getLedgerStatus.name] }),
  })
  const { data } = check
  return (
    <section aria-labelledby="ledger-check">
      <h2 id="ledger-check">Check everything now</h2>
      <p>Reads every leaf, computes the tree anew, compares the signed checkpoints, and lays all records against it.</p>
      <div>
        <GuardedButton
          reason={denial('platform.audit.read', 'check the ledger')}
          loading={check.isPending}
          onClick={() => check.mutate()}
        >
          Check the ledger
        </GuardedButton>
      </div>
      <div aria-live="polite">
        {check.isError ? <ProblemNotice what="The check could not be done" error={check.error} /> : null}
        {data === undefined ? null : (
          <p className="check-verdict">
            <strong>{data.findings.length === 0 ? 'Whole.' : `${data.findings.length} findings.`}</strong>{' '}
            {formatNumber(data.leaves, 0)} leaves, {formatNumber(data.checkpoints, 0)} checkpoints and {data.witnesses}{' '}
            kept outside were checked in {formatDuration(data.tookMs)}.
            {data.isComplete ? '' : ' There were too many findings to go on.'}
          </p>
        )}
      </div>
      {data === undefined || data.findings.length === 0 ? null : (
        <DataTable
          caption="Findings"
          rows={data.findings}
          rowKey={({ finding, place, message }) => `${finding} ${place} ${message}`}
          columns={[
            { key: 'finding', head: 'Finding', cell: ({ finding }) => finding, tight: true },
            { key: 'place', head: 'Place', cell: ({ place }) => place ?? '—', align: 'right', tight: true },
            { key: 'at', head: 'Recorded', cell: ({ at }) => (at === null ? '—' : timeText(at)), tight: true },
            { key: 'message', head: 'What it means', cell: ({ message }) => message },
          ]}
        />
      )}
    </section>
  )
}
