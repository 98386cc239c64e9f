import { getRun, signStep } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../../door/client.ts'
import { useSigning } from '../../../identity/signature/use-signing.tsx'
import { useMakingRefresh } from '../../form/making-queries.ts'
import { primaryForm, useStation } from '../station-context.ts'
import { text } from '../step-limits.ts'
import type { AnswerProps, AskOf } from './AnswerForm.tsx'

/** The record of this operation as it is shown, signed with both components. */
export function SignatureEntry({
  ask,
  run,
  cell,
  sheet,
}: AnswerProps & { readonly ask: AskOf<'signature'> }): ReactElement {
  const { online, say } = useStation()
  const refresh = useMakingRefresh()
  const [isPressed, setPressed] = useState(false)
  const { answers } = sheet
  const lack = !online
    ? 'A signature is checked by the plant at the moment of signing: it waits for the connection. Nothing was signed.'
    : answers.some(({ recordedAt }) => recordedAt === null)
      ? 'Some entries are not yet recorded: they are delivered first, then it is signed.'
      : undefined
  const signing = useSigning(
    { kind: 'execution.run', id: run.id },
    {
      makes: `${text(cell.step.title)}${cell.code === null ? '' : ` of ${cell.code}`}, at ${run.orderCode} · ${run.sequence} ${run.name}, with the ${answers.length} entries that it shows`,
      meanings: [ask.meaning],
      shows: [{ queryKey: [getRun.name, { runId: run.id }] }],
      sign: async (signature) => {
        await client(signStep, {
          ...{ runId: run.id, step: cell.step.key, subject: cell.subject as never, signature },
          seen: answers.map(({ id }) => id) as never,
        })
        say(`${text(cell.step.title)}: signed.`)
        await refresh()
      },
    },
  )
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    setPressed(true)
    if (lack === undefined) signing.start()
  }
  return (
    <form id={primaryForm} className="work-form" onSubmit={onSubmit}>
      <div className="work-end">
        {!isPressed || lack === undefined ? null : <p role="alert">{lack}</p>}
        {signing.problem === null || !online ? null : (
          <ProblemNotice what="The record could not be read" error={signing.problem} />
        )}
        <button type="submit" className="station-tile station-tile-main work-main" disabled={signing.starting}>
          Sign as {ask.meaning}
        </button>
      </div>
      {signing.sheet}
    </form>
  )
}
