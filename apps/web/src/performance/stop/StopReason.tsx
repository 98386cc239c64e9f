import { Button, NativeSelect, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Reason, Stop } from '@throughline/model'
import { explainStop, getStop, listStops, reclassifyStop, suggestReasons } from '@throughline/model'
import { EmptyState, ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { useDenial } from '../../identity/access/may.ts'
import { reasonText } from '../machine/machine-words.ts'
import { useReasons } from '../machine/performance-hooks.ts'
import { offeredReasons } from './stop-rules.ts'

const shortest = 3

/** Says why it stood: for the first time, or anew, and then with why the reason changes. */
export function StopReason({ stop }: { readonly stop: Stop }): ReactElement | null {
  const queryClient = useQueryClient()
  const denial = useDenial()
  const isAgain = stop.reasonId !== null
  const { reasons, error } = useReasons('stop', stop.nodeId)
  const { data: suggested } = useQuery({ ...ask(suggestReasons, { nodeId: stop.nodeId }), staleTime: 30_000 })
  const [reasonId, setReasonId] = useState('')
  const [words, setWords] = useState('')
  const [missing, setMissing] = useState<string | undefined>(undefined)
  const save = useMutation({
    mutationFn: () => {
      const given = { stopId: stop.id, version: stop.version, reasonId }
      return isAgain
        ? client(reclassifyStop, { ...given, why: words.trim() })
        : client(explainStop, { ...given, comment: words.trim() })
    },
    onSuccess: async (saved) => {
      queryClient.setQueryData(ask(getStop, { stopId: stop.id }).queryKey, saved)
      await queryClient.invalidateQueries({ queryKey: [listStops.name] })
    },
  })
  const refusal = isAgain
    ? denial('performance.stop.reclassify', 'give a stop another reason')
    : denial('performance.stop.explain', 'explain stops')
  if (stop.replacedAt !== null) return null

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const problem =
      reasonId === ''
        ? 'Choose a reason.'
        : isAgain && words.trim().length < shortest
          ? `Say why the reason changes, in ${shortest} characters at least.`
          : undefined
    setMissing(problem)
    if (problem === undefined) save.mutate()
  }

  const { likely, others } = offeredReasons(reasons ?? [], suggested?.map((one) => one.reasonId) ?? [])
  const option = (reason: Reason) => ({
    value: reason.id as string,
    label: reasonText(reason, navigator.languages),
    disabled: reason.id === stop.reasonId,
  })
  return (
    <section className="performance-panel" aria-labelledby="stop-reason">
      <h2 id="stop-reason">{isAgain ? 'Give another reason' : 'Say why it stood'}</h2>
      {error === null ? null : <ProblemNotice what="The reasons could not be read" error={error} />}
      {refusal === undefined ? null : <p>{refusal}</p>}
      {reasons !== undefined && likely.length + others.length === 0 ? (
        <EmptyState
          title="No reasons for this machine yet"
          reason="Whoever keeps the reason tree adds them for its area, under Reasons."
        />
      ) : refusal === undefined ? (
        <form className="access-form" onSubmit={onSubmit}>
          <NativeSelect
            label="Reason"
            value={reasonId}
            onChange={(event) => setReasonId(event.currentTarget.value)}
            data={[
              { value: '', label: 'Choose …' },
              ...(likely.length === 0 ? [] : [{ group: 'Most often lately', items: likely.map(option) }]),
              { group: likely.length === 0 ? 'All' : 'All others', items: others.map(option) },
            ]}
          />
          <Textarea
            label={isAgain ? 'Why the reason changes' : 'Remark (may stay empty)'}
            description={isAgain ? 'The old reason stays readable; the KPIs of that shift are restated.' : undefined}
            rows={2}
            maxLength={500}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
          {missing === undefined ? null : <p role="alert">{missing}</p>}
          {save.isError ? <ProblemNotice what="The reason was not recorded" error={save.error} /> : null}
          <div className="access-actions">
            <Button type="submit" loading={save.isPending}>
              {isAgain ? 'Reclassify' : 'Record the reason'}
            </Button>
          </div>
        </form>
      ) : null}
    </section>
  )
}
