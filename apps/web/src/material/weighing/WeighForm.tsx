import { useMutation, useQuery } from '@tanstack/react-query'
import type { Lot } from '@throughline/model'
import { getLot, listOrders, weigh } from '@throughline/model'
import { formatInstant, ProblemNotice } from '@throughline/ui'
import type { FormEvent, ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { piecesText } from '../../execution/form/amount.ts'
import { useMakingRefresh } from '../../execution/form/making-queries.ts'
import { useNodes, useNow } from '../../performance/machine/performance-hooks.ts'
import { lotProblems } from '../lot/lot-problems.ts'
import { lotStatusWords } from '../lot/lot-words.ts'
import { ScaleReading } from './ScaleReading.tsx'
import { ScaleTiles } from './ScaleTiles.tsx'
import { useAskedAmount } from './use-asked-amount.ts'
import { useScales } from './use-scales.ts'
import { WeighPad } from './WeighPad.tsx'
import type { FigureName, Figures, Weighed } from './weigh-figures.ts'
import { verdictOf } from './weigh-figures.ts'

/** What is weighed out, for what, and on which scale; each may still be missing. */
export interface Chosen {
  readonly lot?: string | undefined
  readonly order?: string | undefined
  readonly scale?: string | undefined
}

interface WeighFormProps {
  readonly chosen: Chosen
  readonly online: boolean
  /** Kept by the page: target and tolerance hold for the next weighing too. */
  readonly figures: Figures
  readonly onFigures: (figures: Figures) => void
  readonly onChoose: (next: Chosen) => void
  /** Looks up what was typed as if it had been scanned. */
  readonly onFind: (text: string) => void
  readonly onWeighed: () => void
}

/** One weighing: the lot, the scale and the order at the left, the figures and the pad at the right. */
export function WeighForm({ chosen, online, figures, onFigures, ...on }: WeighFormProps): ReactElement {
  const { onChoose, onFind, onWeighed } = on
  const refresh = useMakingRefresh()
  const scales = useScales(chosen.scale)
  const lot = useQuery({ ...ask(getLot, { code: chosen.lot ?? '' }), enabled: chosen.lot !== undefined })
  const orders = useQuery(ask(listOrders, { state: ['released', 'running'], limit: 500 }))
  const order = orders.data?.orders.find(({ code }) => code === chosen.order)
  const asked = useAskedAmount(order, lot.data)
  const [readings, setReadings] = useState<Partial<Figures>>({})
  const [active, setActive] = useState<FigureName>('target')
  const [isPressed, setPressed] = useState(false)
  const unit = lot.data?.unit ?? 'kg'
  const verdict = verdictOf(figures, unit)
  const lack =
    lot.data === undefined
      ? 'Scan the lot that is weighed out, or type its code.'
      : scales.chosen === undefined
        ? 'Choose the scale.'
        : verdict.is === 'within'
          ? undefined
          : verdict.words
  const save = useMutation({
    mutationFn: ({ net: _, ...weighed }: Weighed) =>
      client(weigh, {
        ...{ lotId: lot.data?.id ?? '', scale: scales.chosen?.code ?? '', orderId: order?.id ?? null, ...weighed },
        source: isRead(figures, readings) ? 'scale' : 'typed',
      }),
    onSuccess: async () => {
      onFigures({ ...figures, tare: '', gross: '' })
      onWeighed()
      await refresh()
    },
  })
  const change = (name: FigureName, typed: string): void => {
    save.reset()
    onFigures({ ...figures, [name]: typed })
  }

  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    setPressed(true)
    if (verdict.is === 'lacking') setActive(verdict.at)
    if (online && lack === undefined && verdict.is === 'within') save.mutate(verdict.weighed)
  }

  return (
    <div className="weigh">
      <div className="weigh-column">
        <LotChoice key={chosen.lot ?? ''} lot={lot.data} error={lot.error} onFind={onFind} />
        <ScaleTiles scales={scales} onPick={(scale) => onChoose({ scale })} />
        <label className="work-field">
          For the order
          <select
            className="station-input weigh-wide"
            value={chosen.order ?? ''}
            onChange={({ currentTarget: { value } }) => onChoose({ order: value === '' ? undefined : value })}
          >
            <option value="">No order</option>
            {orders.data?.orders.map(({ id, code, product }) => (
              <option key={id} value={code}>
                {code} {product}
              </option>
            ))}
          </select>
        </label>
      </div>
      <form className="weigh-column" onSubmit={onSubmit} aria-label="Figures" noValidate>
        {scales.chosen === undefined || lot.data === undefined ? null : (
          <ScaleReading
            scale={scales.chosen}
            unit={unit}
            onRead={(name, text) => {
              change(name, text)
              setReadings((before) => ({ ...before, [name]: text }))
            }}
          />
        )}
        {asked === undefined || figures.target !== '' ? null : (
          <button type="button" className="station-tile" onClick={() => change('target', asked)}>
            It takes {piecesText(asked, unit)} in all: take that as target
          </button>
        )}
        <WeighPad figures={figures} unit={unit} active={active} onActive={setActive} onChange={change} />
        <div className="work-end">
          {verdict.is === 'lacking' ? null : (
            <p className={verdict.is === 'outside' ? 'work-breach' : 'weigh-within'} role="status">
              {verdict.is === 'outside' ? 'Not taken. ' : ''}
              {verdict.words}
            </p>
          )}
          {isPressed && lack !== undefined ? (
            <p role="alert">
              {verdict.is === 'outside' && lack === verdict.words
                ? 'Nothing was weighed out: correct the amount and weigh again.'
                : lack}
            </p>
          ) : null}
          {isPressed && !online ? <p role="alert">The plant judges a weighing: it waits for the connection.</p> : null}
          {save.isError ? <ProblemNotice what="Nothing was weighed out" error={save.error} /> : null}
          <button type="submit" className="station-tile station-tile-main work-main" disabled={save.isPending}>
            Weigh out
          </button>
        </div>
      </form>
    </div>
  )
}

/** Whether the net is what the scale told: typed over, it is what a person says. */
const isRead = (figures: Figures, readings: Partial<Figures>): boolean =>
  readings.gross === figures.gross && (readings.tare === figures.tare || figures.tare === '0')

interface LotChoiceProps {
  readonly lot: Lot | undefined
  readonly error: Error | null
  readonly onFind: (text: string) => void
}

function LotChoice({ lot, error, onFind }: LotChoiceProps): ReactElement {
  const { tree } = useNodes()
  const now = useNow(30_000)
  const [typed, setTyped] = useState('')
  const problems = lot === undefined ? [] : lotProblems(lot, now)
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (typed.trim() !== '') onFind(typed.trim())
  }
  return (
    <section className="station-state" aria-labelledby="weigh-lot">
      <h2 id="weigh-lot">{lot === undefined ? 'Which lot?' : lot.code}</h2>
      {lot === undefined ? null : (
        <p className="weigh-lot">
          <strong>{lot.material}</strong>, {piecesText(lot.quantity, lot.unit)},{' '}
          {lot.status === 'available' ? 'available' : <strong>{lotStatusWords[lot.status].toLowerCase()}</strong>}
          {problems.length === 0 ? null : <strong>; {problems.join('; ')}</strong>}
          {lot.expiresAt === null || problems.includes('expired')
            ? ''
            : `, expires ${formatInstant(lot.expiresAt, 'day', lot.nodeId === null ? undefined : tree.timeZoneOf(lot.nodeId))}`}
        </p>
      )}
      {error === null ? null : <ProblemNotice what="The lot could not be read" error={error} />}
      <form className="weigh-find" onSubmit={onSubmit}>
        <label className="work-field">
          {lot === undefined ? 'Scan its label, or type its code' : 'Another lot'}
          <input
            className="station-input"
            autoComplete="off"
            maxLength={500}
            value={typed}
            onChange={({ currentTarget: { value } }) => setTyped(value)}
          />
        </label>
        <button type="submit" className="station-tile">
          Take
        </button>
      </form>
    </section>
  )
}
