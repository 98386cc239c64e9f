import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { AndonCall } from '@throughline/model'
import { acknowledgeCall, listCalls, resolveCall } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { ReasonDialog } from '../../identity/access/ReasonDialog.tsx'
import { useTopic } from '../../live/topic-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { durationText } from '../machine/machine-words.ts'
import { useInWindow, useNow, usePlace, useShownWindow, useWindowChoice } from '../machine/performance-hooks.ts'
import { PerformanceTabs } from '../PerformanceTabs.tsx'
import { WindowBar } from '../window/WindowBar.tsx'
import { callWords, median, responseOf } from './call-words.ts'

const route = getRouteApi('/app/andon')

/** Who called for help, who comes, and how long it took. */
export function CallListScreen(): ReactElement {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const queryClient = useQueryClient()
  const denial = useDenial()
  const now = useNow()
  const { node, tree, nodes, timeZone } = usePlace(search.node)
  const choice = useWindowChoice(search, node?.id, timeZone)
  const shown = useShownWindow(choice)
  const [resolving, setResolving] = useState<AndonCall | undefined>(undefined)
  useTopic('andon', [[listCalls.name]])
  const { data, error } = useInWindow(listCalls, choice, node?.id ?? null, (window) =>
    node === undefined ? { window } : { nodeId: node.id, window },
  )
  const refresh = (): Promise<void> => queryClient.invalidateQueries({ queryKey: [listCalls.name] })
  const acknowledge = useMutation({
    mutationFn: (callId: AndonCall['id']) => client(acknowledgeCall, { callId }),
    onSettled: refresh,
  })
  const calls = data?.answer
  const mayNot = denial('performance.andon.respond', 'answer calls')
  const machine = (call: AndonCall): string => tree.byId(call.nodeId)?.name ?? 'outside your scopes'
  return (
    <>
      <ScreenHead
        title="Calls for help"
        answer={calls === undefined ? undefined : answerOf(calls)}
        actions={
          node === undefined ? null : (
            <Button
              variant="default"
              renderRoot={(props) => <Link to="/wall/$" params={{ _splat: node.path }} {...props} />}
            >
              Wall board of {node.name}
            </Button>
          )
        }
      />
      <PerformanceTabs />
      <WindowBar
        {...{ nodes, node, search, shown, timeZone }}
        onChange={(next) => void navigate({ search: (before) => ({ ...before, ...next }) })}
      />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The calls could not be read" error={error} />}
        {acknowledge.isError ? <ProblemNotice what="The call was not acknowledged" error={acknowledge.error} /> : null}
        {calls === undefined ? null : (
          <DataTable
            caption="Calls for help"
            rows={calls}
            rowKey={(call) => call.id}
            empty={<EmptyState title="Nobody called for help in this window." />}
            columns={[
              {
                key: 'called',
                head: 'Called',
                tight: true,
                cell: (call) => (
                  <span className="tl-figure">
                    {formatInstant(call.calledAt, 'day-minute', timeZone)}
                    <span className="machine-sub">{durationText(now - call.calledAt)} ago</span>
                  </span>
                ),
              },
              { key: 'machine', head: 'Machine', tight: true, cell: machine },
              {
                key: 'what',
                head: 'What',
                cell: (call) => (
                  <>
                    {callWords[call.kind]}
                    {call.text === '' ? null : <span className="machine-sub">{call.text}</span>}
                    {call.stopId === null ? null : (
                      <Link to="/stops/$stopId" params={{ stopId: call.stopId }} className="machine-sub">
                        the stop
                      </Link>
                    )}
                  </>
                ),
              },
              { key: 'by', head: 'By', tight: true, cell: (call) => call.calledBy },
              {
                key: 'answered',
                head: 'Answered after',
                align: 'right',
                tight: true,
                cell: (call) => <Response us={responseOf(call).answerUs} by={call.acknowledgedBy} />,
              },
              {
                key: 'resolved',
                head: 'Resolved after',
                align: 'right',
                tight: true,
                cell: (call) => <Response us={responseOf(call).resolveUs} by={call.resolvedBy} />,
              },
              { key: 'resolution', head: 'What was done', cell: (call) => call.resolution ?? '' },
              {
                key: 'act',
                head: <span className="tl-hidden">Answer</span>,
                tight: true,
                cell: (call) => (
                  <span className="form-line">
                    {call.state === 'called' ? (
                      <GuardedButton
                        size="compact-sm"
                        variant="default"
                        reason={mayNot}
                        loading={acknowledge.isPending && acknowledge.variables === call.id}
                        aria-label={`I come to ${machine(call)}`}
                        onClick={() => acknowledge.mutate(call.id)}
                      >
                        I come
                      </GuardedButton>
                    ) : null}
                    {call.state === 'resolved' ? null : (
                      <GuardedButton
                        size="compact-sm"
                        variant="default"
                        reason={mayNot}
                        aria-label={`Resolved: the call of ${machine(call)}`}
                        onClick={() => setResolving(call)}
                      >
                        Resolved
                      </GuardedButton>
                    )}
                  </span>
                ),
              },
            ]}
          />
        )}
        {resolving === undefined ? null : (
          <ReasonDialog
            title={`Close the call of ${machine(resolving)}`}
            label="What was done"
            confirm="Resolved"
            failure="The call is still open"
            onClose={() => setResolving(undefined)}
            onConfirm={async (resolution) => {
              await client(resolveCall, { callId: resolving.id, resolution })
              await refresh()
            }}
          >
            <p>
              {callWords[resolving.kind]}, called by {resolving.calledBy}.
            </p>
          </ReasonDialog>
        )}
      </div>
    </>
  )
}

function Response({ us, by }: { readonly us: number | null; readonly by: string | null }): ReactElement {
  if (us === null) return <span className="tl-dim">not yet</span>
  return (
    <span className="tl-figure">
      {durationText(us)}
      {by === null ? null : <span className="machine-sub">{by}</span>}
    </span>
  )
}

function answerOf(calls: readonly AndonCall[]): string {
  const waiting = calls.filter(({ state }) => state === 'called').length
  const answered = calls.filter(({ state }) => state === 'acknowledged').length
  const times = calls.flatMap((call) => responseOf(call).answerUs ?? [])
  const middle = median(times)
  const parts = [
    waiting === 0 ? 'Nobody waits for an answer' : `${waiting} unanswered`,
    ...(answered === 0 ? [] : [`${answered} being seen to`]),
    ...(middle === null ? [] : [`half of ${times.length} answered within ${durationText(middle)}`]),
  ]
  return parts.join(' · ')
}
