import { Button, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { AlarmRoster, EquipmentNode } from '@throughline/model'
import { ClockTime, listRosters, setRoster } from '@throughline/model'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { Dialog } from '../../identity/access/Dialog.tsx'
import { ReasonedEnd } from '../../identity/access/ReasonedEnd.tsx'
import { ScopePicker } from '../../identity/access/ScopePicker.tsx'
import { weekdays } from '../../performance/calendar/calendar-words.ts'
import { priorityWords } from '../alarm-words.ts'
import { linesOfStep, stepOfLines } from './roster-words.ts'

interface RosterFormProps {
  readonly before: AlarmRoster | undefined
  readonly nodes: readonly EquipmentNode[]
  readonly onClose: () => void
}

interface TypedStep {
  readonly key: number
  readonly lines: string
  readonly afterMinutes: string
}
type TypedHours = AlarmRoster['hours'][number] & { readonly key: number }

const priorities = [1, 2, 3, 4] as const
const mostSteps = 5
const mostHours = 20

/** A roster, new or changed: for which alarms, at which hours, who, and who next. */
export function RosterForm({ before, nodes, onClose }: RosterFormProps): ReactElement {
  const queryClient = useQueryClient()
  const [name, setName] = useState(before?.name ?? '')
  const [nodeId, setNodeId] = useState<EquipmentNode['id'] | null>(before?.nodeId ?? nodes[0]?.id ?? null)
  const [priority, setPriority] = useState(String(before?.priority ?? 2))
  const [timeZone, setTimeZone] = useState(
    before?.timeZone ?? nodes.find((node) => node.timeZone !== null)?.timeZone ?? 'UTC',
  )
  const [hours, setHours] = useState<readonly TypedHours[]>(() =>
    (before?.hours ?? []).map((one, key) => ({ ...one, key })),
  )
  const [steps, setSteps] = useState<readonly TypedStep[]>(() =>
    before === undefined
      ? [{ key: 0, lines: '', afterMinutes: '10' }]
      : before.steps.map((step, key) => ({
          key,
          lines: linesOfStep(step),
          afterMinutes: String(step.afterSeconds / 60),
        })),
  )
  const [active, setActive] = useState(before?.active ?? true)
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const save = useMutation({
    mutationFn: (content: Pick<AlarmRoster, 'steps' | 'hours'>) =>
      client(setRoster, {
        rosterId: before?.id ?? null,
        name: name.trim(),
        nodeId: nodeId ?? '',
        priority: Number(priority),
        timeZone,
        active,
        reason: reason.trim(),
        ...content,
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: [listRosters.name] })
      onClose()
    },
  })

  const nextKey = (all: readonly { readonly key: number }[]): number => Math.max(-1, ...all.map(({ key }) => key)) + 1
  function changeStep(key: number, next: Partial<TypedStep>): void {
    setSteps((all) => all.map((step) => (step.key === key ? { ...step, ...next } : step)))
  }
  function changeHours(key: number, next: Partial<TypedHours>): void {
    setHours((all) => all.map((one) => (one.key === key ? { ...one, ...next } : one)))
  }
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const read = steps.map(({ lines, afterMinutes }) => {
      const minutes = Number(afterMinutes.trim().replace(',', '.'))
      return { ...stepOfLines(lines), afterSeconds: afterMinutes.trim() === '' ? Number.NaN : Math.round(minutes * 60) }
    })
    const wrong =
      (name.trim() === '' ? 'Name the roster.' : undefined) ??
      (nodeId === null ? 'Choose the equipment that it is for.' : undefined) ??
      read
        .map(({ wrong: address }) =>
          address === undefined ? undefined : `“${address}” is no e-mail address and no web address.`,
        )
        .find((text) => text !== undefined) ??
      (read.some(({ emails, webhooks }) => emails.length + webhooks.length === 0)
        ? 'Say in every step who is called.'
        : undefined) ??
      (read.some(({ afterSeconds }) => !(afterSeconds >= 0))
        ? 'Give every step its minutes; 0 = at once.'
        : undefined) ??
      (hours.some(({ days }) => days.length === 0) ? 'Choose a day for all hours.' : undefined) ??
      (hours.some(({ start, end }) => !ClockTime.safeParse(start).success || !ClockTime.safeParse(end).success)
        ? 'Give all hours as 06:00.'
        : undefined) ??
      (reason.trim().length < 3 ? 'Say why, in 3 characters at least.' : undefined)
    setProblem(wrong)
    if (wrong !== undefined) return
    save.mutate({
      steps: read.map(({ emails, webhooks, afterSeconds }) => ({ emails, webhooks, afterSeconds })),
      hours: hours.map(({ days, start, end }) => ({ days, start, end })),
    })
  }

  return (
    <Dialog title={before === undefined ? 'Add a roster' : `Change ${before.name}`} size="lg" onClose={onClose}>
      <form className="access-form" onSubmit={onSubmit}>
        <div className="form-grid">
          <TextInput
            label="Name"
            value={name}
            maxLength={100}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <NativeSelect
            label="Alarms of this priority and more urgent ones"
            value={priority}
            data={priorities.map((value) => ({ value: String(value), label: `${value} ${priorityWords[value]}` }))}
            onChange={(event) => setPriority(event.currentTarget.value)}
          />
        </div>
        <div>
          <p className="performance-bar-label">Alarms of this equipment, with all below</p>
          <ScopePicker label="Alarms of this equipment" nodes={nodes} value={nodeId} onPick={setNodeId} />
        </div>
        {steps.map((step, index) => (
          <fieldset key={step.key} className="form-lines">
            <legend>Step {index + 1}</legend>
            <Textarea
              label="Who is called"
              description="One a line: an e-mail address, or the web address of a webhook"
              rows={2}
              value={step.lines}
              onChange={(event) => changeStep(step.key, { lines: event.currentTarget.value })}
            />
            <div className="form-line">
              <TextInput
                label="Minutes without an acknowledgement until the next step"
                inputMode="decimal"
                value={step.afterMinutes}
                onChange={(event) => changeStep(step.key, { afterMinutes: event.currentTarget.value })}
              />
              {steps.length === 1 ? null : (
                <Button
                  variant="default"
                  aria-label={`Take away step ${index + 1}`}
                  onClick={() => setSteps(steps.filter((one) => one.key !== step.key))}
                >
                  Take away
                </Button>
              )}
            </div>
          </fieldset>
        ))}
        {steps.length >= mostSteps ? null : (
          <div>
            <Button
              variant="default"
              onClick={() => setSteps([...steps, { key: nextKey(steps), lines: '', afterMinutes: '10' }])}
            >
              Add a step
            </Button>
          </div>
        )}
        <fieldset className="form-lines">
          <legend>Hours</legend>
          <p className="tl-dim">{hours.length === 0 ? 'Always.' : 'Only within these hours of the week.'}</p>
          {hours.map((one, index) => (
            <div key={one.key} className="form-lines">
              <div className="day-picks">
                {weekdays.map((word, day) => (
                  <label key={word}>
                    <input
                      type="checkbox"
                      checked={one.days.includes(day + 1)}
                      onChange={(event) =>
                        changeHours(one.key, {
                          days: event.currentTarget.checked
                            ? [...one.days, day + 1].toSorted((a, b) => a - b)
                            : one.days.filter((other) => other !== day + 1),
                        })
                      }
                    />
                    {word}
                  </label>
                ))}
              </div>
              <div className="form-line">
                <TextInput
                  label="From"
                  value={one.start}
                  onChange={(event) => changeHours(one.key, { start: event.currentTarget.value })}
                />
                <TextInput
                  label="To"
                  value={one.end}
                  onChange={(event) => changeHours(one.key, { end: event.currentTarget.value })}
                />
                <Button
                  variant="default"
                  aria-label={`Take away hours ${index + 1}`}
                  onClick={() => setHours(hours.filter((other) => other.key !== one.key))}
                >
                  Take away
                </Button>
              </div>
            </div>
          ))}
          <div className="form-line">
            {hours.length >= mostHours ? null : (
              <Button
                variant="default"
                onClick={() =>
                  setHours([...hours, { key: nextKey(hours), days: [1, 2, 3, 4, 5], start: '06:00', end: '14:00' }])
                }
              >
                Add hours
              </Button>
            )}
            <TextInput
              label="Time zone"
              value={timeZone}
              onChange={(event) => setTimeZone(event.currentTarget.value)}
            />
          </div>
        </fieldset>
        <div className="day-picks">
          <label>
            <input type="checkbox" checked={active} onChange={(event) => setActive(event.currentTarget.checked)} />
            Calls by this roster are made
          </label>
        </div>
        <ReasonedEnd
          reason={reason}
          onReason={setReason}
          problem={problem}
          save={save}
          failure="The roster was not recorded"
          verb="Record"
          onCancel={onClose}
        />
      </form>
    </Dialog>
  )
}
