import type { Instant } from '@throughline/kernel'
import type { ReactElement, ReactNode } from 'react'
import { AlarmMark } from '../alarm/AlarmMark.tsx'
import { NumberText } from '../format/NumberText.tsx'
import { formatNumber } from '../format/number.ts'
import { unitLabel } from '../format/unit-label.ts'
import { QualityMark } from '../quality/QualityMark.tsx'
import type { QualityState } from '../quality/quality-state.ts'
import type { Excursion, IndicatorRange, SparkPoint } from './indicator-scale.ts'
import { barEnds, excursionOf, fractionOf } from './indicator-scale.ts'
import type { AlarmPriority } from './PriorityShape.tsx'
import { PriorityShape } from './PriorityShape.tsx'
import { Sparkline } from './Sparkline.tsx'
import './indicator.css'

interface AnalogIndicatorProps {
  readonly name: ReactNode
  /** Moves the pointer; may change with every frame. Null = no value. */
  readonly value: number | null
  /** The number as it is read, which changes at most twice a second. */
  readonly figure: number | null
  readonly unit: string
  readonly decimals: number
  readonly range: IndicatorRange
  readonly quality: QualityState
  readonly status?: number | undefined
  /** Said in words under the number: how old a stale value is, why a bad one is bad. */
  readonly note?: string | undefined
  readonly spark: readonly SparkPoint[]
  readonly sparkTo: Instant | undefined
  /** A standing alarm of its tag: the pointer takes that priority's shape, and the mark stands below the number. */
  readonly alarm?:
    | { readonly priority: AlarmPriority; readonly unacknowledged: boolean; readonly words: ReactNode }
    | undefined
  /** Such as a link to the trend. */
  readonly action?: ReactNode
}

const excursionWords: Readonly<Record<Excursion, string>> = {
  none: '',
  high: 'High',
  low: 'Low',
  'over-range': 'Over range',
  'under-range': 'Under range',
}

/**
 * The moving analog indicator: bar = range of the instrument, shaded = normal band, ticks = its limits, pointer = value.
 * The pointer takes an alarm shape only outside the normal band, and only for a value that can be trusted.
 */
export function AnalogIndicator(props: AnalogIndicatorProps): ReactElement {
  const { value, figure, range, quality, decimals, unit } = props
  const ends = barEnds(range)
  const trusted = quality === 'good' || quality === 'uncertain'
  const excursion = value !== null && trusted ? excursionOf(value, range) : 'none'
  return (
    <div className="tl-indicator" data-quality={quality}>
      <div className="tl-indicator-head">
        <span className="tl-indicator-name">{props.name}</span>
        {props.action}
      </div>
      {ends === undefined ? null : (
        <div className="tl-bar" aria-hidden="true">
          <span className="tl-figure">{shortNumber(ends.high)}</span>
          <div className="tl-bar-track">
            <Band range={range} ends={ends} />
            {value === null || quality === 'bad' ? null : (
              <span className="tl-pointer" style={{ bottom: `${fractionOf(value, ends) * 100}%` }}>
                <Pointer
                  excursion={excursion}
                  hollow={quality === 'stale'}
                  alarm={trusted ? props.alarm?.priority : undefined}
                />
              </span>
            )}
          </div>
          <span className="tl-figure">{shortNumber(ends.low)}</span>
        </div>
      )}
      <div className="tl-indicator-value">
        <div className="tl-indicator-figure">
          {quality === 'bad' ? (
            <span title="No usable value">—</span>
          ) : (
            <NumberText value={figure} decimals={decimals} unit={unit} />
          )}
          {quality === 'bad' && unitLabel(unit) !== '' ? <span className="tl-unit">{unitLabel(unit)}</span> : null}
        </div>
        <div className="tl-indicator-note" data-excursion={excursion}>
          {quality === 'bad' ? null : <QualityMark quality={quality} status={props.status} worded />}
          {props.note ?? excursionWords[excursion]}
        </div>
        {props.alarm === undefined ? null : (
          <div className="tl-indicator-alarm">
            <AlarmMark priority={props.alarm.priority} unacknowledged={props.alarm.unacknowledged} size={14} />{' '}
            {props.alarm.words}
          </div>
        )}
      </div>
      <Sparkline points={props.spark} to={props.sparkTo} spanMs={600_000} range={range} />
    </div>
  )
}

function Band({ range, ends }: { range: IndicatorRange; ends: { low: number; high: number } }): ReactElement | null {
  const { normalLow, normalHigh } = range
  if (normalLow === null && normalHigh === null) return null
  const foot = normalLow === null ? 0 : fractionOf(normalLow, ends)
  const head = normalHigh === null ? 1 : fractionOf(normalHigh, ends)
  return (
    <>
      <span className="tl-bar-band" style={{ bottom: `${foot * 100}%`, top: `${(1 - head) * 100}%` }} />
      {normalLow === null ? null : <span className="tl-bar-tick" style={{ bottom: `${foot * 100}%` }} />}
      {normalHigh === null ? null : <span className="tl-bar-tick" style={{ bottom: `${head * 100}%` }} />}
    </>
  )
}

interface PointerProps {
  readonly excursion: Excursion
  readonly hollow: boolean
  readonly alarm: AlarmPriority | undefined
}

function Pointer({ excursion, hollow, alarm }: PointerProps): ReactElement {
  if (alarm !== undefined) return <PriorityShape priority={alarm} />
  if (excursion === 'high' || excursion === 'low') return <PriorityShape priority={3} />
  if (excursion === 'over-range' || excursion === 'under-range') return <PriorityShape priority={2} />
  return (
    <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      <path d="M1 7L12 2V12Z" fill={hollow ? 'none' : 'var(--tl-ink)'} stroke="var(--tl-ink)" strokeWidth="1.2" />
    </svg>
  )
}

function shortNumber(value: number): string {
  return formatNumber(value, Number.isInteger(value) ? 0 : Math.abs(value) < 1 ? 2 : 1)
}
