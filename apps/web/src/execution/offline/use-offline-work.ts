import { useQueryClient } from '@tanstack/react-query'
import type { CurrentSession, InstructionStep } from '@throughline/model'
import { useEffect, useSyncExternalStore } from 'react'
import { useMakingRefresh } from '../form/making-queries.ts'
import { keepAnswers } from './kept-answers.ts'
import { keepMedia, keepShell } from './kept-files.ts'
import type { DeskState } from './offline-desk.ts'
import { offlineDesk } from './offline-desk.ts'

const tryAgainMs = 5000

/** Makes a page work without a connection: what it needs is kept here, and what waits goes out by itself. */
export function useOfflineWork(session: CurrentSession, online: boolean): DeskState {
  const queryClient = useQueryClient()
  const refresh = useMakingRefresh()
  const state = useSyncExternalStore(offlineDesk.subscribe, offlineDesk.state)
  useEffect(() => {
    offlineDesk.refresh = refresh
  })
  useEffect(() => {
    void offlineDesk.load()
    return keepAnswers(queryClient)
  }, [queryClient])
  useEffect(() => {
    if (!online || !session.permissions.includes('execution.run.perform')) return
    let isOver = false
    // What cannot be kept now is kept the next time: the work itself does not wait for it.
    void offlineDesk
      .register(session)
      .catch(() => undefined)
      .then(() => (isOver ? undefined : offlineDesk.deliver()))
      .then(() => keepShell())
      .catch(() => undefined)
    return () => {
      isOver = true
    }
  }, [session, online])
  const isWaiting = state.content.waiting.length > 0
  useEffect(() => {
    if (!isWaiting) return
    const timer = setInterval(() => void offlineDesk.deliver(), tryAgainMs)
    return () => clearInterval(timer)
  }, [isWaiting])
  return state
}

/** Keeps what the steps of the work in hand show. */
export function useKeptMedia(steps: readonly InstructionStep[]): void {
  const hashes = steps.flatMap(({ media }) => media.map(({ blob }) => blob)).join()
  useEffect(() => {
    void keepMedia(hashes === '' ? [] : hashes.split(',')).catch(() => undefined)
  }, [hashes])
}
