import { Button, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import type { Tag } from '@throughline/model'
import { listTags } from '@throughline/model'
import { EmptyState, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useMemo, useRef, useState } from 'react'
import { ask } from '../../door/queries.ts'
import { useShown } from '../../live/live-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { usePlantZone } from '../node/plant-hooks.ts'
import { TagTime } from './TagRows.tsx'
import { TagValue } from './TagValue.tsx'
import './tag.css'

const route = getRouteApi('/app/tags')
const tracesPerTrend = 8

/** Every tag within reach: search, look, choose some for a trend. */
export function TagListScreen(): ReactElement {
  const { search = '' } = route.useSearch()
  const navigate = route.useNavigate()
  const [text, setText] = useState(search)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const query = useQuery({
    ...ask(listTags, { ...(search === '' ? {} : { search }), limit: 20_000 }),
    placeholderData: keepPreviousData,
  })
  const follow = useDebouncedCallback((words: string) => {
    void navigate({ search: words === '' ? {} : { search: words }, replace: true })
  }, 200)

  function clear(): void {
    setText('')
    void navigate({ search: {}, replace: true })
  }

  const tags = query.data?.tags ?? []
  return (
    <div className="tag-screen">
      <ScreenHead
        title="Tags"
        answer={query.data === undefined ? undefined : countText(tags.length, query.data.total, search)}
        actions={<TrendOfChosen chosen={chosen} />}
      />
      <div className="tag-filter">
        <TextInput
          label="Words of the path or description"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value)
            follow(event.currentTarget.value.trim())
          }}
        />
        {chosen.size === 0 ? null : (
          <Button variant="subtle" onClick={() => setChosen(new Set())}>
            Clear selection
          </Button>
        )}
      </div>
      {query.isError ? <ProblemNotice what="The tags could not be listed" error={query.error} /> : null}
      {query.data !== undefined && tags.length === 0 ? (
        <EmptyState
          title={search === '' ? 'No tags yet' : 'No tags match'}
          reason={
            search === ''
              ? 'Tags come with the plant model, or lie outside your scopes.'
              : `Nothing holds all words of "${search}".`
          }
          action={
            search === '' ? null : (
              <Button variant="default" onClick={clear}>
                Clear filter
              </Button>
            )
          }
        />
      ) : (
        <VirtualTags tags={tags} chosen={chosen} onChosen={setChosen} />
      )}
    </div>
  )
}

function TrendOfChosen({ chosen }: { chosen: ReadonlySet<string> }): ReactElement {
  const tooMany = chosen.size > tracesPerTrend
  if (chosen.size === 0 || tooMany) {
    return (
      <span className="action-reason">
        {tooMany
          ? `A trend holds ${tracesPerTrend} tags: take ${chosen.size - tracesPerTrend} away.`
          : 'Choose tags to see their trend.'}
        <Button disabled>Trend</Button>
      </span>
    )
  }
  return (
    <Button renderRoot={(props) => <Link to="/trend" search={{ tags: [...chosen].join(), last: '1h' }} {...props} />}>
      Trend of {chosen.size} {chosen.size === 1 ? 'tag' : 'tags'}
    </Button>
  )
}

interface VirtualTagsProps {
  readonly tags: readonly Tag[]
  readonly chosen: ReadonlySet<string>
  readonly onChosen: (chosen: ReadonlySet<string>) => void
}

/** Only the rows in view exist, and only they are watched live. */
function VirtualTags({ tags, chosen, onChosen }: VirtualTagsProps): ReactElement {
  const scroll = useRef<HTMLDivElement>(null)
  const timeZone = usePlantZone()
  const rowPx = Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue('--tl-row'), 10) || 36
  const virtualizer = useVirtualizer({
    count: tags.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowPx,
    overscan: 8,
  })
  const rows = virtualizer.getVirtualItems()
  const inView = rows.map((row) => tags[row.index]).filter((tag) => tag !== undefined)
  useShown(useMemo(() => inView.map((tag) => tag.id), [inView]))
  const before = rows[0]?.start ?? 0
  const after = virtualizer.getTotalSize() - (rows.at(-1)?.end ?? 0)

  function toggle(tagId: string): void {
    const next = new Set(chosen)
    if (!next.delete(tagId)) next.add(tagId)
    onChosen(next)
  }

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section ref={scroll} className="tl-table-scroll tag-scroll" aria-label="Tags" tabIndex={0}>
      <table className="tl-table tl-table-sticky tag-table" aria-rowcount={tags.length + 1}>
        <thead>
          <tr>
            <th scope="col">
              <span className="tl-hidden">Choose</span>
            </th>
            <th scope="col">Tag</th>
            <th scope="col" className="tag-about">
              Description
            </th>
            <th scope="col" data-align="right">
              Value
            </th>
            <th scope="col" data-align="right" className="tag-time">
              Time
            </th>
            <th scope="col" className="tag-source">
              Source
            </th>
          </tr>
        </thead>
        <tbody>
          {before > 0 ? <Spacer height={before} /> : null}
          {rows.map((row) => {
            const tag = tags[row.index]
            if (tag === undefined) return null
            return (
              <tr key={tag.id} aria-rowindex={row.index + 2} style={{ height: rowPx }}>
                <td>
                  <input
                    type="checkbox"
                    aria-label={`Choose ${tag.path}`}
                    disabled={tag.dataType === 'string'}
                    title={tag.dataType === 'string' ? 'A text has no trend' : undefined}
                    checked={chosen.has(tag.id)}
                    onChange={() => toggle(tag.id)}
                  />
                </td>
                <td className="tag-path" title={tag.path}>
                  {tag.dataType === 'string' ? (
                    <bdi>{tag.path}</bdi>
                  ) : (
                    <Link to="/trend" search={{ tags: tag.id, last: '1h' }}>
                      <bdi>{tag.path}</bdi>
                    </Link>
                  )}
                </td>
                <td className="tag-about tl-dim">{tag.description}</td>
                <td data-align="right">
                  <TagValue tag={tag} />
                </td>
                <td data-align="right" className="tag-time">
                  <TagTime tag={tag} timeZone={timeZone} />
                </td>
                <td className="tag-source tl-dim">{tag.source?.connection ?? 'none'}</td>
              </tr>
            )
          })}
          {after > 0 ? <Spacer height={after} /> : null}
        </tbody>
      </table>
    </section>
  )
}

function Spacer({ height }: { height: number }): ReactElement {
  return (
    <tr>
      <td style={{ height, padding: 0, border: 0 }} />
    </tr>
  )
}

function countText(shown: number, total: number, search: string): string {
  const all = total > shown ? `${shown} of ${total} tags` : `${total} ${total === 1 ? 'tag' : 'tags'}`
  return search === '' ? all : `${all} with "${search}"`
}
