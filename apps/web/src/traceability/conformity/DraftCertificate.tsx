import { NativeSelect } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { AsBuilt } from '@throughline/model'
import { draftConformity, listConformity, prepareSignature } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { openPointsOf } from './conformity-words.ts'

interface DraftCertificateProps {
  readonly lot: AsBuilt['lot']
  readonly order: NonNullable<AsBuilt['order']>
  /** The piece on the page stands on a released certificate. */
  readonly isIssued: boolean
  readonly isDrafted: boolean
}

/** Puts together what would stand on the certificate; where something is open, it says what. */
export function DraftCertificate({ lot, order, isIssued, isDrafted }: DraftCertificateProps): ReactElement {
  const denial = useDenial()
  const queryClient = useQueryClient()
  const [chosen, setChosen] = useState<'order' | 'piece'>('order')
  const pieces = isIssued ? 'order' : chosen
  const draft = useMutation({
    mutationFn: () => client(draftConformity, { orderId: order.id, lots: pieces === 'piece' ? [lot.id] : [] }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: [listConformity.name] })
      await queryClient.invalidateQueries({ queryKey: [prepareSignature.name] })
    },
  })
  const points = openPointsOf(draft.error)
  return (
    <>
      <div className="conformity-draft">
        <NativeSelect
          label="Pieces on it"
          value={pieces}
          data={[
            { value: 'order', label: `Every good piece of ${order.code} that is on none yet` },
            ...(isIssued ? [] : [{ value: 'piece', label: `${lot.code} alone` }]),
          ]}
          onChange={({ currentTarget: { value } }) => setChosen(value === 'piece' ? 'piece' : 'order')}
        />
        <GuardedButton
          variant="default"
          reason={denial('quality.deviation.close', 'draft certificates')}
          loading={draft.isPending}
          onClick={() => draft.mutate()}
        >
          {isDrafted ? 'Draft it anew' : 'Show what would stand on it'}
        </GuardedButton>
      </div>
      {draft.error === null ? null : points === undefined ? (
        <ProblemNotice what="The certificate was not drafted" error={draft.error} />
      ) : (
        <div className="screen-note" role="alert">
          <strong>
            Conformity cannot be stated: {points.length} {points.length === 1 ? 'thing is' : 'things are'} open
          </strong>
          <ul className="made-list">
            {points.map((point) => (
              <li key={point}>{point}</li>
            ))}
          </ul>
        </div>
      )}
    </>
  )
}
