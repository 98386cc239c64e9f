import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { systemClock } from '@throughline/kernel'
import { getCurrentStation } from '@throughline/model'
import type { ReactElement } from 'react'
import { useCallback, useEffect, useState } from 'react'
import { ask, nodesQuery } from '../../door/queries.ts'
import { useNow } from '../machine/performance-hooks.ts'
import { OfflineNotice } from './OfflineNotice.tsx'
import { WallBoard } from './WallBoard.tsx'
import { WallRefused } from './WallRefused.tsx'
import { isRefusal } from './wall-rules.ts'
import './wall.css'

const askAgainMs = 5000
const knownForMs = 300_000
/** A refusal that does not fit a board that stands is looked at again: each costs an entry in the audit trail. */
const refusedForMs = 60_000

/** A board on the wall, for as long as somebody may see it: the device itself, where it was made one, or whoever is signed in. */
export function WallScreen(): ReactElement {
  const { _splat: named = '' } = useParams({ strict: false })
  const queryClient = useQueryClient()
  const [since] = useState(() => systemClock.now())
  const [refusal, setRefusal] = useState<Error | undefined>(undefined)
  const [lastName, setLastName] = useState<string | undefined>(undefined)
  const station = useQuery({
    ...ask(getCurrentStation, {}),
    refetchInterval: ({ state }) => (state.data === undefined ? askAgainMs : knownForMs),
  })
  const nodes = useQuery({
    ...nodesQuery,
    refetchInterval: ({ state }) => (state.data === undefined ? askAgainMs : knownForMs),
    enabled: refusal === undefined,
  })
  const here = station.data
  const isWall = here?.kind === 'wall'

  const refuse = useCallback(
    (error: Error): void => {
      setRefusal(error)
      // Nothing of what somebody saw here is kept for whoever comes next.
      queryClient.removeQueries({ predicate: ({ queryKey: [name] }) => name !== getCurrentStation.name })
      void queryClient.invalidateQueries({ queryKey: [getCurrentStation.name] })
    },
    [queryClient],
  )
  const { error } = nodes
  useEffect(() => {
    if (isRefusal(error)) refuse(error)
  }, [error, refuse])
  useEffect(() => {
    if (isWall) setLastName(here.name)
  }, [isWall, here])
  useEffect(() => {
    if (refusal === undefined || !isWall) return
    const timer = setTimeout(() => setRefusal(undefined), refusedForMs)
    return () => clearTimeout(timer)
  }, [refusal, isWall])

  if (refusal !== undefined) return <WallRefused {...{ refusal, station: here, lastName }} />
  if (nodes.data === undefined || here === undefined)
    return <Waiting since={since} hasFailed={nodes.isError || station.isError} />
  const own = isWall ? nodes.data.find(({ id }) => id === here.nodeId)?.path : undefined
  return <WallBoard path={named === '' ? (own ?? '') : named} since={since} onRefused={refuse} />
}

function Waiting({
  since,
  hasFailed,
}: {
  readonly since: ReturnType<typeof systemClock.now>
  readonly hasFailed: boolean
}): ReactElement {
  const now = useNow()
  return (
    <main className="wall" data-mantine-color-scheme="dark" id="main" aria-busy="true">
      <h1 className="tl-hidden">Wall board</h1>
      {hasFailed ? <OfflineNotice since={since} now={now} timeZone={undefined} isEmpty /> : null}
    </main>
  )
}
