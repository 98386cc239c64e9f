import { Button, Modal } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { closeSession } from '@throughline/model'
import { formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useEffect } from 'react'
import { client, sessionEnd } from '../../door/client.ts'
import { proofDesk } from '../../door/proof-desk.ts'
import { sessionQuery } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { useSignOut } from '../session/use-sign-out.ts'
import './access.css'

/** Covers the page while the session is locked; what was on it stays, and is there again after the proof. */
export function LockScreen(): ReactElement | null {
  const queryClient = useQueryClient()
  const timeZone = usePlantZone()
  const { data: session } = useQuery(sessionQuery)
  useEffect(() => {
    const look = (): void => void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey })
    sessionEnd.addEventListener('locked', look)
    return () => sessionEnd.removeEventListener('locked', look)
  }, [queryClient])
  const unlock = useMutation({
    mutationFn: () => proofDesk.ask('locked'),
    onSuccess: () => queryClient.invalidateQueries(),
  })
  const isLocked = session !== undefined && session.lockedAt !== null
  const { mutate: askToUnlock } = unlock
  useEffect(() => {
    if (isLocked) askToUnlock()
  }, [isLocked, askToUnlock])
  const signOut = useSignOut(async () => {
    await client(closeSession, {})
    return null
  })
  if (session === undefined || session.lockedAt === null) return null
  return (
    <Modal
      opened
      fullScreen
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      onClose={() => undefined}
      aria-label="Locked"
    >
      <div className="lock">
        <h1>Locked</h1>
        <p>
          {session.printedName} locked this session at {formatInstant(session.lockedAt, 'minute', timeZone)}. What was
          on the screen is kept.
        </p>
        {signOut.isError ? <ProblemNotice what="You are still signed in" error={signOut.error} /> : null}
        <div className="access-actions">
          <Button data-autofocus loading={unlock.isPending} onClick={() => askToUnlock()}>
            Unlock
          </Button>
          <Button variant="default" loading={signOut.isPending} onClick={() => signOut.mutate()}>
            Sign out
          </Button>
        </div>
      </div>
    </Modal>
  )
}
