import { NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { CountEntry } from '@throughline/model'
import { correctCount, listCounts, listCurrentStates } from '@throughline/model'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { Dialog } from '../../identity/access/Dialog.tsx'
import { ReasonedEnd } from '../../identity/access/ReasonedEnd.tsx'
import { useReasons } from '../machine/performance-hooks.ts'
import { countProblem } from './count-rules.ts'

interface CorrectCountProps {
  readonly entry: CountEntry
  /** The entry in words. */
  readonly what: string
  readonly textOf: (reasonId: string) => string
  readonly atMachine: boolean
  readonly onClose: () => void
}

/** Corrects what somebody recorded, or takes it back; the old entry stays readable. */
export function CorrectCount({ entry, what, textOf, atMachine, onClose }: CorrectCountProps): ReactElement {
  const queryClient = useQueryClient()
  const { reasons } = useReasons('scrap', entry.nodeId)
  const [typed, setTyped] = useState(String(entry.quantity))
  const [reasonId, setReasonId] = useState<string>(entry.reasonId ?? '')
  const [why, setWhy] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const isTakenBack = Number(typed) === 0 && typed.trim() !== ''
  const save = useMutation({
    mutationFn: () =>
      client(correctCount, {
        entryId: entry.id,
        quantity: Number(typed),
        reasonId: reasonId === '' ? null : reasonId,
        why: why.trim(),
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: [listCounts.name] })
      await queryClient.invalidateQueries({ queryKey: [listCurrentStates.name] })
      onClose()
    },
  })
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const wrong = countProblem(entry, { quantity: typed, reasonId: reasonId === '' ? null : reasonId, why })
    setProblem(wrong)
    if (wrong === undefined) save.mutate()
  }
  const offered = (reasons ?? []).map(({ id }) => id as string)
  const choices = entry.reasonId === null || offered.includes(entry.reasonId) ? offered : [entry.reasonId, ...offered]
  return (
    <Dialog title="Correct a count" onClose={onClose}>
      <form className={atMachine ? 'access-form count-floor' : 'access-form'} onSubmit={onSubmit}>
        <p>{what}. What it says now stays readable, with who corrected it and why; the shift is worked out anew.</p>
        <TextInput
          label="Number of parts"
          description="0 takes it back."
          inputMode="numeric"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {entry.kind === 'scrap' ? (
          <NativeSelect
            label="Reason of the scrap"
            value={reasonId}
            onChange={(event) => setReasonId(event.currentTarget.value)}
            data={[
              ...(entry.reasonId === null ? [{ value: '', label: 'Choose …' }] : []),
              ...choices.map((id) => ({ value: id, label: textOf(id) })),
            ]}
          />
        ) : null}
        <ReasonedEnd
          reason={why}
          onReason={setWhy}
          problem={problem}
          save={save}
          failure="The count was not corrected"
          verb={isTakenBack ? 'Take it back' : 'Correct'}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  )
}
