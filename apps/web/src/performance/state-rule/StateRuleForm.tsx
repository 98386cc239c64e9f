import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { CounterSignal, MachineState, StateRule, StateSignal } from '@throughline/model'
import { listClasses, listStateRules, MachineState as MachineStateSchema, setStateRule } from '@throughline/model'
import { machineStateWords, ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { Dialog } from '../../identity/access/Dialog.tsx'
import { ReasonedEnd } from '../../identity/access/ReasonedEnd.tsx'
import { localHint, localInstant } from '../window/window-choice.ts'
import { counterLine, counterOf, draftOf, orNull, signalOf } from './signal-draft.ts'

interface StateRuleFormProps {
  readonly before: StateRule | undefined
  readonly onClose: () => void
}

const kinds: Readonly<Record<StateSignal['kind'], string>> = {
  packml: 'A PackML state',
  mtconnect: 'MTConnect execution',
  values: 'Values of one tag',
  bits: 'Truth values, the first that is true',
  counts: 'Only a counter',
  manual: 'No signal: people tell',
}
const states = MachineStateSchema.options.map((value) => ({ value, label: machineStateWords[value] }))
const counters = ['total', 'good', 'scrap', 'rework'] as const
const shortest = 3

/** The next version of the rule of an equipment class. */
export function StateRuleForm({ before, onClose }: StateRuleFormProps): ReactElement {
  const queryClient = useQueryClient()
  const timeZone = usePlantZone()
  const classes = useQuery({ ...ask(listClasses, {}), staleTime: 60_000 })
  const [className, setClassName] = useState(before?.className ?? '')
  const [signal, setSignal] = useState(() => draftOf(before?.signal))
  const [text, setText] = useState(() => ({
    total: counterLine(before?.total ?? null),
    good: counterLine(before?.good ?? null),
    scrap: counterLine(before?.scrap ?? null),
    rework: counterLine(before?.rework ?? null),
    reasonTag: before?.reasonTag ?? '',
    orderTag: before?.orderTag ?? '',
    productTag: before?.productTag ?? '',
    idealCycle: before?.idealCycleSeconds === null ? '' : String(before?.idealCycleSeconds ?? ''),
    minorStop: String(before?.minorStopSeconds ?? 120),
    silence: String(before?.silenceSeconds ?? 60),
    from: '',
    why: '',
  }))
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const save = useMutation({
    mutationFn: (rule: { signal: StateSignal; counts: Record<(typeof counters)[number], CounterSignal | null> }) =>
      client(setStateRule, {
        className,
        signal: rule.signal,
        ...rule.counts,
        reasonTag: orNull(text.reasonTag),
        orderTag: orNull(text.orderTag),
        productTag: orNull(text.productTag),
        idealCycleSeconds: text.idealCycle.trim() === '' ? null : Number(text.idealCycle),
        minorStopSeconds: Number(text.minorStop),
        silenceSeconds: Number(text.silence),
        effectiveFrom: localInstant(text.from, timeZone) ?? null,
        reason: text.why.trim(),
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: [listStateRules.name] })
      onClose()
    },
  })

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const read = signalOf(signal)
    const counts: Record<(typeof counters)[number], CounterSignal | null> = {
      total: null,
      good: null,
      scrap: null,
      rework: null,
    }
    let wrong = className === '' ? 'Choose the equipment class.' : 'problem' in read ? read.problem : undefined
    for (const name of counters) {
      const counter = counterOf(text[name])
      if (counter !== null && 'problem' in counter) wrong ??= counter.problem
      else counts[name] = counter
    }
    if (!(Number(text.silence) > 0)) wrong ??= 'Say after how many seconds of silence its state is not known.'
    if (text.from.trim() !== '' && localInstant(text.from, timeZone) === undefined)
      wrong ??= `"${text.from}" is no time. ${localHint(timeZone)}.`
    if (text.why.trim().length < shortest) wrong ??= `Say why, in ${shortest} characters at least.`
    setProblem(wrong)
    if (wrong === undefined && !('problem' in read)) save.mutate({ signal: read, counts })
  }

  const field = (name: keyof typeof text, label: string, description?: string): ReactElement => (
    <TextInput
      label={label}
      description={description}
      value={text[name]}
      onChange={(event) => setText({ ...text, [name]: event.currentTarget.value })}
    />
  )
  const classNames = [...new Set((classes.data ?? []).map(({ name }) => name))].toSorted()
  return (
    <Dialog
      title={before === undefined ? 'Set a rule' : `Set the next version for ${before.className}`}
      size="lg"
      onClose={onClose}
    >
      <form className="access-form" onSubmit={onSubmit}>
        {classes.error === null ? null : <ProblemNotice what="The classes could not be listed" error={classes.error} />}
        <NativeSelect
          label="Equipment class"
          value={className}
          disabled={before !== undefined}
          onChange={(event) => setClassName(event.currentTarget.value)}
          data={[
            { value: '', label: 'Choose …' },
            ...(before === undefined ? classNames : [before.className]).map((name) => ({
              value: name as string,
              label: name,
            })),
          ]}
        />
        <fieldset className="form-lines">
          <legend>The state follows from</legend>
          <NativeSelect
            label="Kind of signal"
            value={signal.kind}
            onChange={(event) => setSignal({ ...signal, kind: event.currentTarget.value as StateSignal['kind'] })}
            data={Object.entries(kinds).map(([value, label]) => ({ value, label }))}
          />
          {signal.kind === 'bits' || signal.kind === 'manual' ? null : (
            <TextInput
              label={
                signal.kind === 'mtconnect' ? 'Tag of execution' : signal.kind === 'counts' ? 'Tag that counts' : 'Tag'
              }
              description="By its name in the class."
              value={signal.tag}
              onChange={(event) => setSignal({ ...signal, tag: event.currentTarget.value })}
            />
          )}
          {signal.kind === 'packml' ? (
            <TextInput
              label="Tag of the unit mode, if any"
              value={signal.mode}
              onChange={(event) => setSignal({ ...signal, mode: event.currentTarget.value })}
            />
          ) : null}
          {signal.kind === 'mtconnect' ? (
            <div className="form-grid">
              <TextInput
                label="Tag of controller mode, if any"
                value={signal.mode}
                onChange={(event) => setSignal({ ...signal, mode: event.currentTarget.value })}
              />
              <TextInput
                label="Tag of functional mode, if any"
                value={signal.functionalMode}
                onChange={(event) => setSignal({ ...signal, functionalMode: event.currentTarget.value })}
              />
            </div>
          ) : null}
          {signal.kind === 'counts' ? (
            <TextInput
              label="Idle after so many ideal cycles without a count"
              inputMode="decimal"
              value={signal.cycles}
              onChange={(event) => setSignal({ ...signal, cycles: event.currentTarget.value })}
            />
          ) : null}
          {signal.kind === 'values' || signal.kind === 'bits' ? (
            <>
              <Textarea
                label={
                  signal.kind === 'values'
                    ? 'Values and their states'
                    : 'Tags and their states, the first that is true wins'
                }
                description={`One a line: ${signal.kind === 'values' ? '3' : 'Fault'} = down. States: ${MachineStateSchema.options.join(', ')}`}
                rows={4}
                value={signal.lines}
                onChange={(event) => setSignal({ ...signal, lines: event.currentTarget.value })}
              />
              <NativeSelect
                label="Otherwise"
                value={signal.otherwise}
                onChange={(event) => setSignal({ ...signal, otherwise: event.currentTarget.value as MachineState })}
                data={states}
              />
            </>
          ) : null}
        </fieldset>
        <fieldset className="form-lines">
          <legend>Counters</legend>
          <p className="tl-dim">
            By tag; where one comes back to 0, at which number: GoodCount 65536. Of total, good and scrap two are
            enough.
          </p>
          <div className="form-grid">
            {counters.map((name) => (
              <div key={name}>{field(name, `${name.charAt(0).toUpperCase()}${name.slice(1)}`)}</div>
            ))}
          </div>
        </fieldset>
        <div className="form-grid">
          {field('reasonTag', 'Tag of the stop’s reason')}
          {field('orderTag', 'Tag of the order')}
          {field('productTag', 'Tag of the product')}
          {field('idealCycle', 'Ideal cycle, s')}
          {field('minorStop', 'Minor stop below, s')}
          {field('silence', 'No data after, s')}
        </div>
        <TextInput
          label="From this time on"
          description={`Left empty = from the beginning: the whole past is told by it, too. ${localHint(timeZone)}`}
          value={text.from}
          onChange={(event) => setText({ ...text, from: event.currentTarget.value })}
        />
        <ReasonedEnd
          reason={text.why}
          onReason={(why) => setText({ ...text, why })}
          problem={problem}
          save={save}
          failure="The rule was not set"
          verb="Set"
          onCancel={onClose}
        />
      </form>
    </Dialog>
  )
}
