import { Link } from '@tanstack/react-router'
import type { Instant } from '@throughline/kernel'
import type { Alarm, Tag } from '@throughline/model'
import type { AlarmPriority, SparkPoint } from '@throughline/ui'
import { AnalogIndicator, formatInstant, statusText } from '@throughline/ui'
import { LineChart } from 'lucide-react'
import type { ReactElement } from 'react'
import { isUnacknowledged } from '../../alarm/alarm-words.ts'
import { joinedSpark, useLiveStore, useLiveTag } from '../../live/live-hooks.ts'
import { numberOf } from '../node/unit-condition.ts'

interface LiveIndicatorProps {
  readonly tag: Tag
  readonly seed: readonly SparkPoint[]
  readonly timeZone: string | undefined
  /** The most urgent standing alarm of the tag. */
  readonly alarm?: Alarm | undefined
}

/** A tag as a moving analog indicator, alive. */
export function LiveIndicator({ tag, seed, timeZone, alarm }: LiveIndicatorProps): ReactElement {
  const store = useLiveStore()
  const { reading, figure, quality } = useLiveTag(tag.id)
  const dataAt = Math.max(store.line().dataAt ?? 0, reading?.at ?? 0) as Instant
  return (
    <AnalogIndicator
      name={<span title={tag.description === '' ? tag.path : tag.description}>{tag.name}</span>}
      value={numberOf(reading?.value) ?? null}
      figure={numberOf(figure?.value) ?? null}
      unit={tag.unit}
      decimals={tag.dataType === 'double' ? tag.decimals : 0}
      range={tag}
      quality={quality}
      status={reading?.status}
      note={noteOf()}
      spark={joinedSpark(
        seed,
        store.history(tag.id),
        quality === 'good' || quality === 'uncertain' ? dataAt : undefined,
      )}
      sparkTo={dataAt === 0 ? undefined : dataAt}
      alarm={
        alarm === undefined
          ? undefined
          : {
              priority: alarm.priority as AlarmPriority,
              unacknowledged: isUnacknowledged(alarm.state),
              words: (
                <Link
                  to="/alarms/$definitionId"
                  params={{ definitionId: alarm.definitionId }}
                  className="indicator-alarm"
                >
                  {alarm.message}
                </Link>
              ),
            }
      }
      action={
        <Link
          to="/trend"
          search={{ tags: tag.id, last: '1h' }}
          className="trend-link"
          aria-label={`Trend of ${tag.name}`}
        >
          <LineChart size={16} aria-hidden="true" />
        </Link>
      }
    />
  )

  function noteOf(): string | undefined {
    if (reading === undefined) return undefined
    if (quality === 'bad') return statusText(reading.status)
    if (quality === 'stale') return `since ${formatInstant(reading.at, 'second', timeZone)}`
    return undefined
  }
}
