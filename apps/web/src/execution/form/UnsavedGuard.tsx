import { Button } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import type { ReactElement, RefObject } from 'react'
import { Dialog } from '../../identity/access/Dialog.tsx'

/** Asks before a page is left on which something was written that is not saved. */
export function UnsavedGuard({ unsaved }: { readonly unsaved: RefObject<boolean> }): ReactElement | null {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: () => unsaved.current,
    enableBeforeUnload: () => unsaved.current,
    withResolver: true,
  })
  if (status !== 'blocked') return null
  return (
    <Dialog title="Leave without saving?" onClose={reset}>
      <p>What you wrote since the last saving is lost.</p>
      <div className="access-actions">
        <Button onClick={reset}>Stay here</Button>
        <Button variant="default" onClick={proceed}>
          Leave it
        </Button>
      </div>
    </Dialog>
  )
}
