import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { AuditReviewScope } from '@throughline/model'
import { AuditRisk, listAuditReviews, openAuditReview, recordKinds, recordNoun } from '@throughline/model'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { Dialog } from '../../identity/access/Dialog.tsx'
import { FormEnd } from '../../identity/access/FormEnd.tsx'
import { instantOf } from '../audit/audit-search.ts'
import { riskWords } from './risk-words.ts'

/** Asks what a review is to be about; which entries these are is fixed when it is opened. */
export function OpenReviewDialog({ onClose }: { onClose: () => void }): ReactElement {
  const timeZone = usePlantZone()
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const [title, setTitle] = useState('')
  const [window, setWindow] = useState({ from: '', to: '' })
  const [kind, setKind] = useState('')
  const [risks, setRisks] = useState<readonly AuditRisk[]>([])
  const [pressed, setPressed] = useState(false)
  const [from, to] = [instantOf(window.from, timeZone), instantOf(window.to, timeZone)]
  const isReady = title.trim().length >= 3 && from !== undefined && to !== undefined && from < to
  const open = useMutation({
    mutationFn: (scope: AuditReviewScope) => client(openAuditReview, { title: title.trim(), scope }),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: [listAuditReviews.name] })
      await navigate({ to: '/audit/reviews/$reviewId', params: { reviewId: id } })
    },
  })

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    setPressed(true)
    if (!isReady) return
    open.mutate({ from, to, operations: [], recordKinds: kind === '' ? [] : [kind], risks: [...risks] })
  }

  return (
    <Dialog title="Open a review" onClose={onClose}>
      <form className="access-form" onSubmit={onSubmit} noValidate>
        <TextInput
          label="Title"
          description="What is reviewed, as others will look for it: “Week 47, upstream”"
          data-autofocus
          maxLength={200}
          value={title}
          error={pressed && title.trim().length < 3 ? 'Give it a title, of 3 characters at least.' : undefined}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <TextInput
          label="From"
          type="datetime-local"
          value={window.from}
          error={pressed && from === undefined ? 'Say from when.' : undefined}
          onChange={(event) => setWindow({ ...window, from: event.currentTarget.value })}
        />
        <TextInput
          label="Before"
          type="datetime-local"
          description="The window must be over"
          value={window.to}
          error={pressed && (to === undefined || (from !== undefined && to <= from)) ? 'Say before when.' : undefined}
          onChange={(event) => setWindow({ ...window, to: event.currentTarget.value })}
        />
        <NativeSelect
          label="Changed record"
          value={kind}
          data={[
            { value: '', label: 'Any, or none' },
            ...recordKinds.map((each) => ({ value: each, label: recordNoun(each) })),
          ]}
          onChange={(event) => setKind(event.currentTarget.value)}
        />
        <Checkbox.Group
          label="Only entries that were"
          description="None chosen = all entries"
          value={[...risks]}
          onChange={(chosen) => setRisks(AuditRisk.array().parse(chosen))}
        >
          <div className="review-choices">
            {AuditRisk.options.map((risk) => (
              <Checkbox key={risk} value={risk} label={riskWords[risk]} />
            ))}
          </div>
        </Checkbox.Group>
        <FormEnd save={open} failure="The review was not opened" verb="Open the review" onCancel={onClose} />
      </form>
    </Dialog>
  )
}
