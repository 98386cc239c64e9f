import { useQueryClient } from '@tanstack/react-query'
import { getLedgerStatus, rotateLedgerKey } from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { ReasonDialog } from '../../identity/access/ReasonDialog.tsx'
import { Fact } from '../audit/EntryScreen.tsx'

/** The keys that sign the ledger, and the way to a new one. */
export function LedgerKeys({ keys }: { keys: readonly string[] }): ReactElement {
  const denial = useDenial()
  const [rotating, setRotating] = useState(false)
  return (
    <section aria-labelledby="ledger-keys">
      <h2 id="ledger-keys">Keys</h2>
      <p>
        Compare the first key, letter by letter, with the one that you were given when the plant was set up: a forger
        can make a whole ledger with a key of their own.
      </p>
      <dl className="facts-list">
        {keys.map((key, index) => (
          <Fact key={key} name={index === keys.length - 1 ? `Key ${index + 1}, signs now` : `Key ${index + 1}`}>
            <code>{key}</code>
          </Fact>
        ))}
      </dl>
      <div>
        <GuardedButton
          variant="default"
          reason={denial('platform.ledger.administer', 'change the key')}
          onClick={() => setRotating(true)}
        >
          Let a new key take over
        </GuardedButton>
      </div>
      {rotating ? <RotateDialog onClose={() => setRotating(false)} /> : null}
    </section>
  )
}

function RotateDialog({ onClose }: { onClose: () => void }): ReactElement {
  const queryClient = useQueryClient()
  return (
    <ReasonDialog
      title="Let a new key take over"
      confirm="Change the key"
      failure="The key was not changed"
      onConfirm={(reason) => client(rotateLedgerKey, { reason })}
      onDone={() => {
        void queryClient.invalidateQueries({ queryKey: [getLedgerStatus.name] })
        onClose()
      }}
      onClose={onClose}
    >
      <p>
        The new key is introduced by the one before it, whose private half is destroyed. What was signed until now stays
        proven by the old key; tell those who check bundles that the plant has a new one.
      </p>
    </ReasonDialog>
  )
}
