import type { Query, QueryClient } from '@tanstack/react-query'
import { dehydrate, hydrate } from '@tanstack/react-query'
import type { CurrentSession } from '@throughline/model'
import {
  getCurrentSession,
  getCurrentStation,
  getInstruction,
  getRun,
  listDispatch,
  listLogbooks,
  listNodes,
  listReasons,
} from '@throughline/model'
import { sessionQuery } from '../../door/queries.ts'
import { deviceStore } from './device-store.ts'
import { isOfflinePossible } from './offline-desk.ts'

/** What a station needs to go on after a reload without a connection. */
const keptNames = new Set<unknown>(
  [
    ...[getCurrentSession, getCurrentStation, listNodes, listDispatch],
    ...[getRun, getInstruction, listReasons, listLogbooks],
  ].map(({ name }) => name),
)

const isKept = ({ queryKey: [name], state }: Query): boolean => keptNames.has(name) && state.status === 'success'

const settleMs = 300

/** Keeps those answers on this device from now on, until the function it answers is called. */
export function keepAnswers(queryClient: QueryClient): () => void {
  if (!isOfflinePossible) return () => undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  async function keep(): Promise<void> {
    timer = undefined
    // Restored answers are as good as asked ones, and older: only what was asked is written.
    if (!navigator.onLine) return
    const state = dehydrate(queryClient, { shouldDehydrateQuery: isKept })
    await (await deviceStore()).put('answers', state, 'own')
  }
  const stop = queryClient.getQueryCache().subscribe(({ query }) => {
    if (keptNames.has(query.queryKey[0])) timer ??= setTimeout(() => void keep(), settleMs)
  })
  void keep()
  return () => {
    clearTimeout(timer)
    stop()
  }
}

/** Puts kept answers where pages look for them; whose they are, if they are somebody's. */
export async function restoreAnswers(queryClient: QueryClient): Promise<CurrentSession | undefined> {
  if (!isOfflinePossible) return undefined
  const state = await (await deviceStore()).get('answers', 'own')
  if (state === undefined) return undefined
  hydrate(queryClient, state)
  return queryClient.getQueryData(sessionQuery.queryKey)
}

/** Once somebody has left the station, it shows nothing of their work. */
export async function forgetAnswers(): Promise<void> {
  if (isOfflinePossible) await (await deviceStore()).delete('answers', 'own')
}
