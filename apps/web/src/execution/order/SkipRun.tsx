import type { OperationRun } from '@throughline/model'
import { skipRun } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { TaskDialog } from '../form/TaskDialog.tsx'

/** Leaves out an operation that this order does not need, with the reason; nothing for one that was begun. */
export function SkipRun({ run }: { readonly run: OperationRun }): ReactElement | null {
  const denial = useDenial()
  const [asked, setAsked] = useState(false)
  if (run.state !== 'ready' && run.state !== 'waiting') return null
  return (
    <>
      <GuardedButton
        variant="default"
        size="compact-sm"
        reason={denial('execution.order.release', 'skip operations')}
        aria-label={`Skip ${run.sequence} ${run.name}`}
        onClick={() => setAsked(true)}
      >
        Skip
      </GuardedButton>
      {asked ? (
        <TaskDialog
          title={`Skip ${run.sequence} ${run.name}`}
          verb="Skip it"
          failure="The operation was not skipped"
          onSave={(reason) => client(skipRun, { runId: run.id, version: run.version, reason })}
          onClose={() => setAsked(false)}
        >
          <p>
            {run.subjectCodes.length === 0 ? 'Its amount goes' : `${run.subjectCodes.join(', ')} go`} on to the next
            operation without it. This has no way back.
          </p>
        </TaskDialog>
      ) : null}
    </>
  )
}
