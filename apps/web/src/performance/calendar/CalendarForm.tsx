import { Button, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { EquipmentNode, ShiftPattern, WorkCalendar } from '@throughline/model'
import { ClockTime, listCalendars, listShifts, setCalendar } from '@throughline/model'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { Dialog } from '../../identity/access/Dialog.tsx'
import { ReasonedEnd } from '../../identity/access/ReasonedEnd.tsx'
import { ScopePicker } from '../../identity/access/ScopePicker.tsx'
import { breaksOfLines, exceptionsOfLines, linesOfBreaks, linesOfExceptions, weekdays } from './calendar-words.ts'

interface CalendarFormProps {
  /** What the next version starts from; undefined = the first of a node. */
  readonly before: WorkCalendar | undefined
  readonly nodes: readonly EquipmentNode[]
  readonly onClose: () => void
}

/** A shift while it is typed: its breaks are lines of text. */
interface TypedShift extends Omit<ShiftPattern, 'breaks'> {
  readonly key: number
  readonly breakLines: string
}

const shortest = 3
const zones = Intl.supportedValuesOf('timeZone')

/** The next version of a node's calendar; the past keeps the one it had. */
export function CalendarForm({ before, nodes, onClose }: CalendarFormProps): ReactElement {
  const queryClient = useQueryClient()
  const [nodeId, setNodeId] = useState<EquipmentNode['id'] | null>(before?.nodeId ?? nodes[0]?.id ?? null)
  const [validFrom, setValidFrom] = useState('')
  const [timeZone, setTimeZone] = useState(
    before?.timeZone ?? nodes.find((node) => node.timeZone !== null)?.timeZone ?? '',
  )
  const [shifts, setShifts] = useState<readonly TypedShift[]>(() =>
    (before?.shifts ?? []).map((shift, key) => ({ ...shift, key, breakLines: linesOfBreaks(shift.breaks) })),
  )
  const [exceptionLines, setExceptionLines] = useState(linesOfExceptions(before?.exceptions ?? []))
  const [reason, setReason] = useState('')
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const save = useMutation({
    mutationFn: (content: { shifts: ShiftPattern[]; exceptions: WorkCalendar['exceptions'] }) =>
      client(setCalendar, { nodeId: nodeId ?? '', validFrom, timeZone, reason: reason.trim(), ...content }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: [listCalendars.name] })
      await queryClient.invalidateQueries({ queryKey: [listShifts.name] })
      onClose()
    },
  })

  function change(key: number, next: Partial<TypedShift>): void {
    setShifts((all) => all.map((shift) => (shift.key === key ? { ...shift, ...next } : shift)))
  }
  function addShift(): void {
    const key = Math.max(-1, ...shifts.map((shift) => shift.key)) + 1
    setShifts([...shifts, { key, name: '', days: [1, 2, 3, 4, 5], start: '06:00', end: '14:00', breakLines: '' }])
  }
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const read = shifts.map(({ key: _key, breakLines, ...shift }) => {
      const { breaks, problem: wrong } = breaksOfLines(breakLines)
      return { shift: { ...shift, name: shift.name.trim(), breaks }, wrong }
    })
    const { exceptions, problem: wrongDay } = exceptionsOfLines(exceptionLines)
    const wrong =
      (nodeId === null ? 'Choose where it holds.' : undefined) ??
      (/^\d{4}-\d\d-\d\d$/.test(validFrom) ? undefined : 'Say from which date on it holds, such as 2026-11-22.') ??
      (read.some(({ shift }) => shift.name === '') ? 'Name every shift.' : undefined) ??
      (read.some(({ shift }) => !ClockTime.safeParse(shift.start).success || !ClockTime.safeParse(shift.end).success)
        ? 'Give every shift its times, such as 06:00 and 14:00.'
        : undefined) ??
      (read.some(({ shift }) => shift.days.length === 0) ? 'Choose a day for every shift.' : undefined) ??
      read.find((one) => one.wrong !== undefined)?.wrong ??
      wrongDay ??
      (reason.trim().length < shortest ? `Say why, in ${shortest} characters at least.` : undefined)
    setProblem(wrong)
    if (wrong === undefined) save.mutate({ shifts: read.map(({ shift }) => shift), exceptions })
  }

  return (
    <Dialog title={before === undefined ? 'Set a calendar' : 'Set the next version'} size="lg" onClose={onClose}>
      <form className="access-form" onSubmit={onSubmit}>
        <div>
          <p className="performance-bar-label">Where it holds, with all below that has none of its own</p>
          <ScopePicker
            label="Where it holds, with all below that has none of its own"
            nodes={nodes}
            value={nodeId}
            onPick={setNodeId}
          />
        </div>
        <div className="form-grid">
          <TextInput
            label="From this date on"
            placeholder="2026-11-22"
            value={validFrom}
            onChange={(event) => setValidFrom(event.currentTarget.value)}
          />
          <TextInput
            label="Time zone"
            list="calendar-zones"
            value={timeZone}
            onChange={(event) => setTimeZone(event.currentTarget.value)}
          />
          <datalist id="calendar-zones">
            {zones.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </div>
        {shifts.map((shift, index) => (
          <fieldset key={shift.key} className="form-lines">
            <legend>Shift {index + 1}</legend>
            <div className="form-grid">
              <TextInput
                label="Name"
                value={shift.name}
                maxLength={60}
                onChange={(event) => change(shift.key, { name: event.currentTarget.value })}
              />
              <TextInput
                label="Begins"
                placeholder="06:00"
                value={shift.start}
                onChange={(event) => change(shift.key, { start: event.currentTarget.value })}
              />
              <TextInput
                label="Ends"
                placeholder="06:00"
                value={shift.end}
                onChange={(event) => change(shift.key, { end: event.currentTarget.value })}
              />
            </div>
            <div className="day-picks">
              {weekdays.map((word, day) => (
                <label key={word}>
                  <input
                    type="checkbox"
                    checked={shift.days.includes(day + 1)}
                    onChange={(event) =>
                      change(shift.key, {
                        days: event.currentTarget.checked
                          ? [...shift.days, day + 1].toSorted((a, b) => a - b)
                          : shift.days.filter((one) => one !== day + 1),
                      })
                    }
                  />
                  {word}
                </label>
              ))}
            </div>
            <Textarea
              label="Breaks"
              description="One a line, such as 10:00-10:15 Coffee"
              rows={2}
              value={shift.breakLines}
              onChange={(event) => change(shift.key, { breakLines: event.currentTarget.value })}
            />
            <div>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Take away shift ${index + 1}`}
                onClick={() => setShifts(shifts.filter((one) => one.key !== shift.key))}
              >
                Take away
              </Button>
            </div>
          </fieldset>
        ))}
        <div>
          <Button variant="default" onClick={addShift}>
            Add a shift
          </Button>
        </div>
        <Textarea
          label="Holidays and extra days"
          description="One a line: 2026-12-25 Christmas. A day that works like another: 2026-12-19 = Mon Extra day"
          rows={4}
          value={exceptionLines}
          onChange={(event) => setExceptionLines(event.currentTarget.value)}
        />
        <ReasonedEnd
          reason={reason}
          onReason={setReason}
          problem={problem}
          save={save}
          failure="The calendar was not set"
          verb="Set"
          onCancel={onClose}
        />
      </form>
    </Dialog>
  )
}
