import { useQuery } from '@tanstack/react-query'
import type { Asset, Tag } from '@throughline/model'
import { listTags } from '@throughline/model'
import type { ReactElement } from 'react'
import { useMemo } from 'react'
import { ask } from '../../door/queries.ts'
import { numberOf } from '../../equipment/node/unit-condition.ts'
import { TagValue } from '../../equipment/tag/TagValue.tsx'
import { useLiveTag, useShown } from '../../live/live-hooks.ts'
import { readingText } from './weigh-figures.ts'

interface ScaleReadingProps {
  readonly scale: Asset
  readonly unit: string
  readonly onRead: (name: 'tare' | 'gross', text: string) => void
}

const mostSignals = 3

/** What the scale shows, where the equipment that it belongs to tells a value in the unit of the lot. */
export function ScaleReading({ scale, unit, onRead }: ScaleReadingProps): ReactElement | null {
  const { nodeId } = scale
  const { data } = useQuery({
    ...ask(listTags, nodeId === null ? {} : { nodeId }),
    enabled: nodeId !== null,
    staleTime: 60_000,
  })
  const tags = (nodeId === null ? [] : (data?.tags ?? [])).filter(
    (tag) => tag.nodeId === nodeId && tag.dataType !== 'string' && tag.unit === unit,
  )
  return (
    <>
      {tags.slice(0, mostSignals).map((tag) => (
        <Signal key={tag.id} tag={tag} onRead={onRead} />
      ))}
    </>
  )
}

function Signal({ tag, onRead }: { readonly tag: Tag } & Pick<ScaleReadingProps, 'onRead'>): ReactElement {
  useShown(useMemo(() => [tag.id], [tag.id]))
  const { reading, quality } = useLiveTag(tag.id)
  const value = numberOf(reading?.value)
  const text = quality === 'good' && value !== undefined ? readingText(value) : undefined
  return (
    <section className="weigh-reading" aria-label={`Reading of ${tag.name}`}>
      <p className="work-reading">
        <span className="machine-sub">{tag.name}</span>
        <TagValue tag={tag} />
      </p>
      {(['tare', 'gross'] as const).map((name) => (
        <button
          key={name}
          type="button"
          className="station-tile"
          disabled={text === undefined}
          onClick={() => (text === undefined ? undefined : onRead(name, text))}
        >
          Take as {name}
        </button>
      ))}
      {text === undefined ? <p>Nothing that can be trusted is read at the moment: type what the scale shows.</p> : null}
    </section>
  )
}
