import type { Tag } from '@throughline/model'
import {
  excursionOf,
  machineStateOf,
  NumberText,
  PriorityShape,
  QualityMark,
  StateChip,
  valueText,
} from '@throughline/ui'
import type { ReactElement } from 'react'
import { useLiveTag } from '../../live/live-hooks.ts'
import { numberOf } from '../node/unit-condition.ts'
import './tag-value.css'

/** A tag's value now, with unit and quality; outside its normal band it carries the shape that says so. */
export function TagValue({ tag }: { readonly tag: Tag }): ReactElement {
  const { figure, quality } = useLiveTag(tag.id)
  const value = figure?.value
  const number = numberOf(value)
  const trusted = quality === 'good' || quality === 'uncertain'
  const excursion = number !== undefined && trusted ? excursionOf(number, tag) : 'none'
  const state = tag.dataType === 'string' && typeof value === 'string' && trusted ? machineStateOf(value) : undefined
  return (
    <span className="tag-value" data-quality={quality} data-outside={excursion !== 'none'}>
      <QualityMark quality={quality} status={figure?.status} worded={quality === 'stale' || quality === 'missing'} />
      {excursion === 'none' ? null : (
        <>
          <PriorityShape priority={excursion === 'over-range' || excursion === 'under-range' ? 2 : 3} size={12} />
          <span className="tag-value-word">{excursion === 'low' || excursion === 'under-range' ? 'low' : 'high'}</span>
        </>
      )}
      {quality === 'bad' || quality === 'missing' ? null : state === undefined ? (
        tag.dataType === 'string' ? (
          <span>{valueText(value ?? null, 0, tag.dataType)}</span>
        ) : (
          <NumberText value={value ?? null} decimals={tag.dataType === 'double' ? tag.decimals : 0} unit={tag.unit} />
        )
      ) : (
        <StateChip state={state} label={String(value)} />
      )}
    </span>
  )
}
