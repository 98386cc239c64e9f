import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { Instant } from '@throughline/kernel'
import { systemClock } from '@throughline/kernel'
import { Inspection, recordInspection } from '@throughline/model'
import { formatInstant, ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useEffect, useRef, useState } from 'react'
import { client } from '../../door/client.ts'
import { useMakingRefresh } from '../../execution/form/making-queries.ts'
import { UnsavedGuard } from '../../execution/form/UnsavedGuard.tsx'
import { useLiveStore } from '../../live/live-hooks.ts'
import { useNodes } from '../../performance/machine/performance-hooks.ts'
import { localHint, localInstant } from '../../performance/window/window-choice.ts'
import { CharacteristicFields } from './CharacteristicFields.tsx'
import type { CharacteristicRow, PlannedCharacteristic, TypedResult } from './characteristics.ts'
import { emptyRow, kindWords, lookedAt, readRows, rowsOf } from './characteristics.ts'
import { GaugeField } from './GaugeField.tsx'
import { usePlan } from './use-plan.ts'

/** What the address says of it. */
interface Chosen {
  readonly piece?: string | undefined
  readonly order?: string | undefined
  readonly run?: string | undefined
}

interface InspectFormProps {
  readonly asked: Chosen
  readonly timeZone: string | undefined
  readonly onRecorded: (inspection: Inspection) => void
}

/** Which piece, in which operation, with what; then its characteristics one by one. */
export function InspectForm({ asked, timeZone: shared, onRecorded }: InspectFormProps): ReactElement {
  const refresh = useMakingRefresh()
  const [chosen, setChosen] = useState(asked)
  const [piece, setPiece] = useState(asked.piece ?? '')
  const plan = usePlan(chosen.piece ?? '', chosen.order, chosen.run)
  const { tree } = useNodes()
  const place = plan.lot?.nodeId ?? plan.order?.siteId
  const timeZone = (place === undefined ? undefined : tree.timeZoneOf(place)) ?? shared
  const [kind, setKind] = useState<Inspection['kind']>(asked.order === undefined ? 'incoming' : 'in-process')
  const [gauge, setGauge] = useState('')
  const [time, setTime] = useState('')
  const [rows, setRows] = useState<readonly CharacteristicRow[]>([])
  const [problem, setProblem] = useState<string | undefined>(undefined)
  const unsaved = useRef(false)
  const nextId = useRef(1)
  const store = useLiveStore()
  // The plant's clock, where it is known: a tablet's own may run ahead, and what lies in the future is refused.
  const now = (): Instant => store.line().dataAt ?? systemClock.now()
  const at = time.trim() === '' ? now() : localInstant(time, timeZone)
  const record = useMutation({
    mutationFn: (results: readonly TypedResult[]) =>
      client(recordInspection, {
        ...{ kind, piece: piece.trim(), orderCode: chosen.order ?? null, runId: chosen.run ?? null },
        ...{
          gauge: gauge.trim() === '' ? null : gauge.trim(),
          at: time.trim() === '' ? now() : (at ?? 0),
          results: [...results],
        },
      }),
    onSuccess: async (inspection) => {
      unsaved.current = false
      onRecorded(inspection)
      await refresh()
    },
  })
  /** Characteristics that are not there yet, after those that stay. */
  function put(added: readonly PlannedCharacteristic[], staying: readonly CharacteristicRow[] = rows): void {
    const there = new Set(staying.map(({ characteristic }) => characteristic))
    const fresh = rowsOf(
      added.filter(({ characteristic }) => !there.has(characteristic)),
      nextId.current,
    )
    nextId.current += fresh.length
    setRows([...staying, ...fresh])
  }
  // Once the plan of the operation is read its characteristics stand there; what was typed before stays.
  const begun = useRef<string | undefined>(undefined)
  const { planned } = plan
  useEffect(() => {
    if (planned === undefined || begun.current === chosen.run) return
    begun.current = chosen.run
    put(
      planned,
      rows.filter((row) => !row.planned || row.measured !== '' || row.judged !== ''),
    )
  })

  /** The operations of one piece are not those of the next. */
  function onPiece(): void {
    const typed = piece.trim() === '' ? undefined : piece.trim()
    if (typed === chosen.piece) return
    setChosen({ ...chosen, piece: typed, run: chosen.piece === undefined ? chosen.run : undefined })
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    const read = readRows(rows)
    const wrong =
      piece.trim() === ''
        ? 'Give the lot or serial that was inspected.'
        : at === undefined
          ? 'Give the time such as 2026-11-22 14:05, or leave it empty.'
          : 'problem' in read
            ? read.problem
            : undefined
    setProblem(wrong)
    if (wrong === undefined && 'results' in read) record.mutate(read.results)
  }
  const change = (id: number, next: Partial<CharacteristicRow>): void => {
    unsaved.current = true
    setRows((before) => before.map((row) => (row.id === id ? { ...row, ...next } : row)))
  }

  return (
    <form className="access-form" onSubmit={onSubmit} noValidate>
      <UnsavedGuard unsaved={unsaved} />
      <section className="performance-panel" aria-label="What was inspected">
        <div className="form-grid">
          <TextInput
            label="Lot or serial"
            list="inspect-pieces"
            value={piece}
            maxLength={120}
            autoComplete="off"
            onChange={({ currentTarget: { value } }) => setPiece(value)}
            onBlur={onPiece}
          />
          <NativeSelect
            label="Kind"
            value={kind}
            data={Inspection.shape.kind.options.map((value) => ({ value: value as string, label: kindWords[value] }))}
            onChange={({ currentTarget: { value } }) => setKind(Inspection.shape.kind.parse(value))}
          />
          <NativeSelect
            label="Operation"
            value={chosen.run ?? ''}
            disabled={plan.runs.length === 0}
            data={[
              { value: '', label: plan.runs.length === 0 ? 'None is known' : 'None in particular' },
              ...plan.runs.map(({ id, sequence, name, attempt }) => ({
                ...{
                  value: id as string,
                  label: `${sequence} ${name}${attempt === 1 ? '' : `, rework ${attempt - 1}`}`,
                },
              })),
            ]}
            onChange={({ currentTarget: { value } }) => setChosen({ ...chosen, run: value === '' ? undefined : value })}
          />
          <GaugeField value={gauge} onChange={setGauge} />
          <TextInput
            label="When"
            description={`${localHint(timeZone)}; empty: now`}
            value={time}
            onChange={({ currentTarget: { value } }) => setTime(value)}
          />
        </div>
        <datalist id="inspect-pieces">
          {plan.pieces.map(({ id, code }) => (
            <option key={id} value={code} />
          ))}
        </datalist>
        {plan.lot === null ? (
          <p className="screen-note">
            No lot or serial of the plant is called {chosen.piece}, or it lies outside your scopes: it is recorded under
            that name alone, and holds nothing back.
          </p>
        ) : plan.lot === undefined ? null : (
          <p className="machine-sub">
            {plan.lot.code}: {plan.lot.material}
            {plan.order === undefined ? ', of no order' : `, of ${plan.order.code}`}
          </p>
        )}
      </section>
      <section aria-labelledby="inspect-characteristics">
        <h2 id="inspect-characteristics">Characteristics</h2>
        {chosen.run !== undefined && planned?.length === 0 ? (
          <p className="screen-note">The plan of this operation asks for nothing that is measured by hand.</p>
        ) : null}
        <div className="making-list">
          {rows.map((row) => (
            <CharacteristicFields
              key={row.id}
              row={row}
              onChange={(next) => change(row.id, next)}
              onRemove={() => setRows((before) => before.filter(({ id }) => id !== row.id))}
            />
          ))}
        </div>
        <div className="access-actions">
          <Button
            variant="default"
            onClick={() => {
              const id = nextId.current
              nextId.current += 1
              setRows((before) => [...before, emptyRow(id)])
            }}
          >
            Add a characteristic
          </Button>
          {plan.earlier.slice(0, 1).map((earlier) => (
            <Button key={earlier.id} variant="default" onClick={() => put(lookedAt(earlier))}>
              As on {formatInstant(earlier.at, 'day-minute', timeZone)} ({earlier.results.length})
            </Button>
          ))}
        </div>
      </section>
      {rows.length === 0 ? null : (
        <p>What stays empty is recorded as not known: then nothing is said to have passed.</p>
      )}
      {problem === undefined ? null : <p role="alert">{problem}</p>}
      {record.isError ? <ProblemNotice what="The inspection was not recorded" error={record.error} /> : null}
      <div className="access-actions">
        <Button type="submit" loading={record.isPending}>
          Record the inspection
        </Button>
      </div>
    </form>
  )
}
