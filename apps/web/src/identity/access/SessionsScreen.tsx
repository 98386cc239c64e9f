import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouteContext } from '@tanstack/react-router'
import type { OpenSession } from '@throughline/model'
import { listOwnSessions, listSessions, lockSession, terminateOwnSession, terminateSession } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement, ReactNode } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask, sessionQuery } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AccessTabs } from './AccessTabs.tsx'
import { GuardedButton } from './GuardedButton.tsx'
import { useDenial } from './may.ts'
import { ReasonDialog } from './ReasonDialog.tsx'
import './access.css'

const refreshMs = 10_000

/** Where I am signed in, and for those who may see it, who else is; each can be ended from here. */
export function SessionsScreen(): ReactElement {
  const { session } = useRouteContext({ from: '/app' })
  const maySeeAll = session.permissions.includes('identity.session.read')
  const queryClient = useQueryClient()
  const lock = useMutation({
    mutationFn: () => client(lockSession, {}),
    onSuccess: (locked) => queryClient.setQueryData(sessionQuery.queryKey, locked),
  })
  const own = useQuery({ ...ask(listOwnSessions, {}), refetchInterval: refreshMs })
  return (
    <>
      <ScreenHead
        title="Sessions"
        answer={own.data === undefined ? undefined : ownAnswer(own.data.length)}
        actions={
          <Button variant="default" loading={lock.isPending} onClick={() => lock.mutate()}>
            Lock this screen
          </Button>
        }
      />
      <AccessTabs />
      <div className="access">
        {lock.isError ? <ProblemNotice what="The screen is not locked" error={lock.error} /> : null}
        <OwnSessions sessions={own.data} error={own.error} />
        {maySeeAll ? <EverybodysSessions /> : null}
      </div>
    </>
  )
}

interface OwnSessionsProps {
  readonly sessions: readonly OpenSession[] | undefined
  readonly error: unknown
}

function OwnSessions({ sessions, error }: OwnSessionsProps): ReactElement {
  const queryClient = useQueryClient()
  const end = useMutation({
    mutationFn: (sessionId: OpenSession['id']) => client(terminateOwnSession, { sessionId }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: [listOwnSessions.name] }),
  })
  return (
    <section aria-labelledby="sessions-own">
      <h2 id="sessions-own">Yours</h2>
      {error === null ? null : <ProblemNotice what="Your sessions could not be listed" error={error} />}
      {end.isError ? <ProblemNotice what="The session was not ended" error={end.error} /> : null}
      {sessions === undefined ? null : (
        <SessionTable
          caption="Your sessions"
          sessions={sessions}
          action={(session) =>
            session.current ? (
              <span className="tl-dim">this one</span>
            ) : (
              <Button
                size="compact-sm"
                variant="default"
                loading={end.isPending && end.variables === session.id}
                aria-label={`End your session on ${session.device ?? 'an unknown device'}`}
                onClick={() => end.mutate(session.id)}
              >
                End
              </Button>
            )
          }
        />
      )}
    </section>
  )
}

function EverybodysSessions(): ReactElement {
  const queryClient = useQueryClient()
  const denial = useDenial()
  const [ending, setEnding] = useState<OpenSession | undefined>(undefined)
  const query = useQuery({ ...ask(listSessions, {}), refetchInterval: refreshMs })
  return (
    <section aria-labelledby="sessions-all">
      <h2 id="sessions-all">Everybody’s</h2>
      {query.isError ? <ProblemNotice what="The sessions could not be listed" error={query.error} /> : null}
      {query.data === undefined ? null : (
        <SessionTable
          caption="Sessions of everybody"
          people
          sessions={query.data}
          action={(session) =>
            session.current ? (
              <span className="tl-dim">this one</span>
            ) : (
              <GuardedButton
                size="compact-sm"
                variant="default"
                reason={denial('identity.session.terminate', 'end sessions of others')}
                aria-label={`End the session of ${session.printedName}`}
                onClick={() => setEnding(session)}
              >
                End
              </GuardedButton>
            )
          }
        />
      )}
      {ending === undefined ? null : (
        <ReasonDialog
          title={`End the session of ${ending.printedName}`}
          confirm="End the session"
          failure="The session was not ended"
          onClose={() => setEnding(undefined)}
          onConfirm={async (reason) => {
            await client(terminateSession, { sessionId: ending.id, reason })
            await queryClient.invalidateQueries({ queryKey: [listSessions.name] })
          }}
        >
          <p>
            {ending.printedName} is signed out on {ending.device ?? 'that device'} at once. What they have not yet saved
            there is lost; they can sign in again.
          </p>
        </ReasonDialog>
      )}
    </section>
  )
}

interface SessionTableProps {
  readonly caption: string
  readonly sessions: readonly OpenSession[]
  /** Whether it says whose each session is. */
  readonly people?: boolean
  readonly action: (session: OpenSession) => ReactNode
}

function SessionTable({ caption, sessions, people = false, action }: SessionTableProps): ReactElement {
  const timeZone = usePlantZone()
  return (
    <DataTable
      caption={caption}
      rows={sessions}
      rowKey={(session) => session.id}
      empty={<EmptyState title="No session is open" reason="A session appears here when somebody signs in." />}
      columns={[
        ...(people
          ? [
              {
                key: 'person',
                head: 'Person',
                cell: (session: OpenSession) => (
                  <span className="access-person">
                    {session.printedName}
                    <span className="access-sub">{session.name}</span>
                  </span>
                ),
              },
            ]
          : []),
        {
          key: 'device',
          head: 'Device',
          cell: (session) => (
            <span className="access-device">
              {session.device ?? 'unknown'}
              <span className="access-sub">{session.origin ?? 'address unknown'}</span>
            </span>
          ),
        },
        { key: 'method', head: 'Signed in by', tight: true, cell: (session) => session.method ?? 'not recorded' },
        {
          key: 'opened',
          head: 'Since',
          tight: true,
          cell: (session) => <span className="tl-figure">{formatInstant(session.openedAt, 'record', timeZone)}</span>,
        },
        {
          key: 'used',
          head: 'Last used',
          tight: true,
          cell: (session) => (
            <span className="tl-figure">
              {formatInstant(session.lastUsedAt, 'second', timeZone)}
              {session.lockedAt === null ? '' : ' · locked'}
            </span>
          ),
        },
        { key: 'end', head: <span className="tl-hidden">End</span>, tight: true, cell: action },
      ]}
    />
  )
}

const ownAnswer = (count: number): string =>
  count === 1 ? 'You are signed in here and nowhere else' : `You are signed in at ${count} places`
