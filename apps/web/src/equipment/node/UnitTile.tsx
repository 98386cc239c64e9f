import { Link } from '@tanstack/react-router'
import type { Alarm } from '@throughline/model'
import type { AlarmPriority, QualityState } from '@throughline/ui'
import { AlarmMark, PriorityShape, QualityGlyph } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useMemo } from 'react'
import { isUnacknowledged } from '../../alarm/alarm-words.ts'
import { alarmsOfUnit } from '../../alarm/list/list-rules.ts'
import { TagValue } from '../tag/TagValue.tsx'
import type { RankedUnit } from './plant-hooks.ts'
import type { UnitCondition } from './unit-condition.ts'
import { keyTags } from './unit-condition.ts'

const keyValues = 4

interface UnitTileProps {
  readonly ranked: RankedUnit
  /** Alarms that stand at or around the unit. */
  readonly alarms: readonly Alarm[]
}

/** One unit at a glance: its worst news, then its key values. */
export function UnitTile({ ranked: { unit, condition }, alarms }: UnitTileProps): ReactElement {
  const worst = useMemo(() => alarmsOfUnit(alarms, unit)[0], [alarms, unit])
  const shown = keyTags(unit, condition.outside, keyValues)
  return (
    <article className="unit-tile" data-rank={condition.rank}>
      <header className="unit-tile-head">
        <Link className="unit-tile-name" to="/equipment/$" params={{ _splat: unit.node.path }}>
          {unit.node.name}
        </Link>
        <span className="unit-tile-news">
          {worst === undefined ? null : (
            <Link
              to="/alarms/$definitionId"
              params={{ definitionId: worst.definitionId }}
              className="unit-tile-alarm"
              title={worst.message}
              aria-label={`Alarm of priority ${worst.priority}: ${worst.message}`}
            >
              <AlarmMark
                priority={worst.priority as AlarmPriority}
                unacknowledged={isUnacknowledged(worst.state)}
                size={14}
              />
            </Link>
          )}
          {worst !== undefined && condition.rank === 0 ? null : <ConditionText condition={condition} />}
        </span>
      </header>
      <p className="unit-tile-about">{unit.node.description}</p>
      <dl className="unit-tile-values">
        {shown.map((tag) => (
          <div key={tag.id}>
            <dt title={tag.description}>{tag.name}</dt>
            <dd>
              <TagValue tag={tag} />
            </dd>
          </div>
        ))}
      </dl>
      {unit.tags.length > shown.length ? (
        <p className="unit-tile-more">{unit.tags.length - shown.length} more tags</p>
      ) : null}
    </article>
  )
}

/** A unit's condition in words, worst first; a normal one says so quietly. */
export function ConditionText({ condition }: { readonly condition: UnitCondition }): ReactElement {
  const { counts } = condition
  const parts: ReactElement[] = []
  if (counts.bad > 0) parts.push(<ConditionPart key="bad" quality="bad" text={`${counts.bad} bad`} />)
  if (counts.outside > 0) {
    parts.push(
      <span key="outside" className="condition-part">
        <PriorityShape priority={3} size={12} /> {counts.outside} outside normal
      </span>,
    )
  }
  if (counts.stale > 0) parts.push(<ConditionPart key="stale" quality="stale" text={`${counts.stale} stale`} />)
  if (counts.uncertain > 0) {
    parts.push(<ConditionPart key="uncertain" quality="uncertain" text={`${counts.uncertain} uncertain`} />)
  }
  if (counts.missing > 0) {
    parts.push(<ConditionPart key="missing" quality="missing" text={`${counts.missing} without data`} />)
  }
  if (parts.length === 0) return <span className="condition condition-normal">normal</span>
  return <span className="condition">{parts}</span>
}

function ConditionPart({ quality, text }: { quality: QualityState; text: string }): ReactElement {
  return (
    <span className="condition-part">
      <QualityGlyph quality={quality} /> {text}
    </span>
  )
}
