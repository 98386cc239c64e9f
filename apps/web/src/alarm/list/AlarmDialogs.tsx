import { NativeSelect, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Alarm } from '@throughline/model'
import {
  acknowledgeAlarms,
  getPhilosophy,
  listAlarms,
  resetAlarms,
  returnAlarmToService,
  shelveAlarm,
  takeAlarmOutOfService,
  unshelveAlarm,
} from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { Dialog } from '../../identity/access/Dialog.tsx'
import { FormEnd } from '../../identity/access/FormEnd.tsx'
import { ReasonDialog } from '../../identity/access/ReasonDialog.tsx'
import { ReasonedEnd } from '../../identity/access/ReasonedEnd.tsx'
import { secondsText } from '../alarm-words.ts'
import { refusalsOf } from './list-rules.ts'
import { shelfTimes } from './shelf-times.ts'

/** What a person asked for and has not confirmed yet. */
export type AlarmTask =
  | { readonly kind: 'acknowledge' | 'reset'; readonly alarms: readonly Alarm[] }
  | { readonly kind: 'shelve' | 'unshelve' | 'take-out' | 'return'; readonly alarm: Alarm }

/** What came of it, to be read on the page. */
export interface AlarmResult {
  readonly done: string
  readonly refused: readonly string[]
}

interface AlarmDialogsProps {
  readonly task: AlarmTask
  readonly onClose: () => void
  readonly onResult: (result: AlarmResult) => void
}

/** The dialog that a task asks for. */
export function AlarmDialogs({ task, onClose, onResult }: AlarmDialogsProps): ReactElement {
  const queryClient = useQueryClient()
  async function finish(result: AlarmResult): Promise<void> {
    await queryClient.invalidateQueries({ queryKey: [listAlarms.name] })
    onResult(result)
    onClose()
  }
  switch (task.kind) {
    case 'acknowledge':
    case 'reset':
      return <SeveralDialog kind={task.kind} alarms={task.alarms} onClose={onClose} onResult={finish} />
    case 'shelve':
    case 'unshelve':
    case 'take-out':
    case 'return':
      return <OneDialog kind={task.kind} alarm={task.alarm} onClose={onClose} onResult={finish} />
  }
}

interface OneDialogProps {
  readonly kind: 'shelve' | 'unshelve' | 'take-out' | 'return'
  readonly alarm: Alarm
  readonly onClose: () => void
  readonly onResult: (result: AlarmResult) => Promise<void>
}

function OneDialog({ kind, alarm, onClose, onResult: finish }: OneDialogProps): ReactElement {
  const { definitionId } = alarm
  switch (kind) {
    case 'shelve':
      return <ShelveDialog alarm={alarm} onClose={onClose} onResult={finish} />
    case 'unshelve':
      return (
        <CommentDialog
          title={`Unshelve ${alarm.name}`}
          about="The alarm is shown again at once, if its process is not normal."
          confirm="Unshelve"
          failure="The alarm was not unshelved"
          onClose={onClose}
          onConfirm={async (comment) => {
            await client(unshelveAlarm, { definitionId, comment })
            await finish({ done: `${alarm.name} is unshelved.`, refused: [] })
          }}
        />
      )
    case 'return':
      return (
        <CommentDialog
          title={`Return ${alarm.name} to service`}
          about="The alarm is shown again at once, if its process is not normal."
          confirm="Return to service"
          failure="The alarm was not returned to service"
          onClose={onClose}
          onConfirm={async (comment) => {
            await client(returnAlarmToService, { definitionId, comment })
            await finish({ done: `${alarm.name} is back in service.`, refused: [] })
          }}
        />
      )
    case 'take-out':
      return (
        <ReasonDialog
          title={`Take ${alarm.name} out of service`}
          confirm="Take out of service"
          failure="The alarm was not taken out of service"
          onClose={onClose}
          onDone={() => {}}
          onConfirm={async (reason) => {
            await client(takeAlarmOutOfService, { definitionId, reason })
            await finish({ done: `${alarm.name} is out of service.`, refused: [] })
          }}
        >
          <p>Nobody is shown or called for this alarm until it is returned to service. It stays listed here.</p>
        </ReasonDialog>
      )
  }
}

interface SeveralDialogProps {
  readonly kind: 'acknowledge' | 'reset'
  readonly alarms: readonly Alarm[]
  readonly onClose: () => void
  readonly onResult: (result: AlarmResult) => Promise<void>
}

const severalWords = {
  acknowledge: { verb: 'Acknowledge', done: 'acknowledged', failure: 'No alarm was acknowledged' },
  reset: { verb: 'Reset', done: 'reset', failure: 'No alarm was reset' },
} as const

function SeveralDialog({ kind, alarms, onClose, onResult }: SeveralDialogProps): ReactElement {
  const words = severalWords[kind]
  const [only] = alarms
  const what = alarms.length === 1 && only !== undefined ? only.name : `${alarms.length} alarms`
  return (
    <CommentDialog
      title={`${words.verb} ${what}`}
      about={
        kind === 'acknowledge'
          ? 'You say that you have seen it. The alarm stands until its process is normal.'
          : 'Latched alarms whose process is normal again are put back.'
      }
      names={alarms.length === 1 ? [] : alarms.map(({ name, message }) => `${name}: ${message}`)}
      confirm={words.verb}
      failure={words.failure}
      onClose={onClose}
      onConfirm={async (comment) => {
        const operation = kind === 'acknowledge' ? acknowledgeAlarms : resetAlarms
        const outcome = await client(operation, {
          definitionIds: alarms.map(({ definitionId }) => definitionId),
          comment,
        })
        const refused = refusalsOf(outcome)
        await onResult({ done: `${outcome.length - refused.length} of ${outcome.length} ${words.done}.`, refused })
      }}
    />
  )
}

interface CommentDialogProps {
  readonly title: string
  readonly about: string
  readonly names?: readonly string[]
  readonly confirm: string
  readonly failure: string
  readonly onConfirm: (comment: string) => Promise<void>
  readonly onClose: () => void
}

function CommentDialog(props: CommentDialogProps): ReactElement {
  const [comment, setComment] = useState('')
  const act = useMutation({ mutationFn: () => props.onConfirm(comment.trim()) })
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    act.mutate()
  }
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form className="access-form" onSubmit={onSubmit}>
        <p>{props.about}</p>
        {props.names === undefined || props.names.length === 0 ? null : (
          <details>
            <summary>Which ones</summary>
            <ul>
              {props.names.map((name) => (
                <li key={name}>{name}</li>
              ))}
            </ul>
          </details>
        )}
        <Textarea
          label="Comment (may be left empty)"
          rows={2}
          maxLength={500}
          data-autofocus
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        <FormEnd save={act} failure={props.failure} verb={props.confirm} onCancel={props.onClose} />
      </form>
    </Dialog>
  )
}

const shortest = 3

function ShelveDialog({ alarm, onClose, onResult }: Omit<SeveralDialogProps, 'kind' | 'alarms'> & { alarm: Alarm }) {
  const { data: philosophy, error } = useQuery(ask(getPhilosophy, {}))
  const [chosen, setChosen] = useState<number | undefined>(undefined)
  const [reason, setReason] = useState('')
  const [isShort, setIsShort] = useState(false)
  const most = philosophy?.maxShelfSeconds[alarm.priority as 1 | 2 | 3 | 4]
  const times = most === undefined ? [] : shelfTimes(most)
  const forSeconds = chosen ?? times[0]
  const shelve = useMutation({
    mutationFn: async (seconds: number) => {
      await client(shelveAlarm, { definitionId: alarm.definitionId, forSeconds: seconds, reason: reason.trim() })
      await onResult({ done: `${alarm.name} is shelved for ${secondsText(seconds)}.`, refused: [] })
    },
  })
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const short = reason.trim().length < shortest
    setIsShort(short)
    if (!short && forSeconds !== undefined) shelve.mutate(forSeconds)
  }
  return (
    <Dialog title={`Shelve ${alarm.name}`} onClose={onClose}>
      <form className="access-form" onSubmit={onSubmit}>
        <p>Nobody is shown or called for this alarm until the time is over. Then it comes back by itself.</p>
        {error === null ? null : <ProblemNotice what="The longest time could not be read" error={error} />}
        {most !== undefined && times.length === 0 ? (
          <p role="alert">Alarms of priority {alarm.priority} may not be shelved: so says the alarm philosophy.</p>
        ) : (
          <NativeSelect
            label="For how long"
            {...(most === undefined
              ? {}
              : { description: `At most ${secondsText(most)} at priority ${alarm.priority}, by the alarm philosophy` })}
            value={forSeconds === undefined ? '' : String(forSeconds)}
            data={times.map((seconds) => ({ value: String(seconds), label: secondsText(seconds) }))}
            onChange={(event) => setChosen(Number(event.currentTarget.value))}
          />
        )}
        <ReasonedEnd
          reason={reason}
          onReason={setReason}
          problem={isShort ? `Say why, in ${shortest} characters at least.` : undefined}
          save={shelve}
          failure="The alarm was not shelved"
          verb="Shelve"
          disabled={forSeconds === undefined}
          onCancel={onClose}
        />
      </form>
    </Dialog>
  )
}
