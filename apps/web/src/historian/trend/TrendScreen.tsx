import { Button, SegmentedControl } from '@mantine/core'
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { Instant } from '@throughline/kernel'
import { fromMs, systemClock } from '@throughline/kernel'
import type { Tag, TrendSeries } from '@throughline/model'
import { getTag, getTrend } from '@throughline/model'
import type { ChartWindow, TrendTrace } from '@throughline/ui'
import { EmptyState, formatInstant, ProblemNotice, panned, TrendChart, zoomed } from '@throughline/ui'
import { ChevronLeft, ChevronRight, Download, X, ZoomIn, ZoomOut } from 'lucide-react'
import type { ReactElement } from 'react'
import { useMemo } from 'react'
import { useAlarmMarks } from '../../alarm/standing/use-alarm-marks.ts'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { usePlantPaths } from '../../equipment/node/plant-hooks.ts'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { TagPicker } from '../../equipment/tag/TagPicker.tsx'
import { downloadText } from '../../shell/download.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { trendCsv } from './trend-csv.ts'
import type { TrendSearch } from './trend-search.ts'
import { instantsOf, mostTraces, searchOfWindow, trendRequest } from './trend-search.ts'
import './trend.css'

const route = getRouteApi('/app/trend')
const windows = [
  { value: '15m', label: '15 min' },
  { value: '1h', label: '1 h' },
  { value: '8h', label: '8 h' },
  { value: '24h', label: '24 h' },
  { value: '7d', label: '7 d' },
  { value: '30d', label: '30 d' },
]

/** Tags over time: what, when and how it is shown all stand in the address. */
export function TrendScreen(): ReactElement {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const request = useMemo(() => trendRequest(search), [search])
  const { tags, missing, waiting } = useTags(request.tagIds)
  const trend = useTrend(tags, request.window)
  const tree = usePlantPaths()
  const traces = useMemo(() => tracesOf(tags, trend.data?.series ?? [], tree), [tags, trend.data, tree])
  const timeZone = tags[0] === undefined ? undefined : tree.timeZoneOf(tags[0].nodeId)
  const normal = useMemo(
    () => new Map(tags.map((tag) => [tag.id as string, { low: tag.normalLow, high: tag.normalHigh }])),
    [tags],
  )
  const following = 'lastMs' in request.window
  const shown: ChartWindow | undefined = following ? trend.data?.window : (request.window as ChartWindow)
  const alarms = useAlarmMarks(request.tagIds as Tag['id'][], shown)

  function go(next: Partial<TrendSearch>): void {
    void navigate({ search: cleaned({ ...search, ...next }) })
  }
  function goWindow(window: ChartWindow): void {
    go({ last: undefined, ...searchOfWindow(window) })
  }
  function withTags(tagIds: readonly string[]): void {
    go({ tags: tagIds.length === 0 ? undefined : tagIds.join() })
  }

  return (
    <div className="trend-screen">
      <ScreenHead title="Trend" answer={answerOf(tags, shown, following, timeZone)} />
      <div className="trend-bar">
        <div className="trend-add">
          <TagPicker
            label="Add a tag"
            placeholder="Add a tag"
            disabledReason={tags.length >= mostTraces ? `A trend holds ${mostTraces} tags` : undefined}
            accepts={(tag) => tag.dataType !== 'string' && !request.tagIds.includes(tag.id)}
            onPick={(tag) => withTags([...request.tagIds, tag.id])}
          />
        </div>
        <SegmentedControl
          aria-label="Window that follows the clock"
          data={windows}
          value={'last' in request.window ? request.window.last : ''}
          onChange={(last) => go({ last, from: undefined, to: undefined })}
        />
        {shown === undefined ? null : <WindowButtons window={shown} onWindow={goWindow} />}
        <div className="trend-bar-end">
          {following ? null : (
            <Button variant="default" onClick={() => go({ last: '1h', from: undefined, to: undefined })}>
              Follow live
            </Button>
          )}
          <Button
            variant="default"
            aria-pressed={search.view === 'table'}
            onClick={() => go({ view: search.view === 'table' ? undefined : 'table' })}
          >
            {search.view === 'table' ? 'Chart' : 'Table'}
          </Button>
          <Button
            variant="default"
            disabled={traces.length === 0}
            leftSection={<Download size={16} aria-hidden="true" />}
            onClick={() => downloadText(csvName(shown), 'text/csv', trendCsv(traces))}
          >
            CSV
          </Button>
        </div>
      </div>
      {request.problem === undefined ? null : (
        <p className="screen-note" role="alert">
          {request.problem} Shown is what could be read.
        </p>
      )}
      {missing.map(({ tagId, error }) => (
        <ProblemNotice
          key={tagId}
          what={`Tag ${tagId} could not be read`}
          error={error}
          action={
            <Button variant="default" onClick={() => withTags(request.tagIds.filter((id) => id !== tagId))}>
              Take it away
            </Button>
          }
        />
      ))}
      {trend.isError ? <ProblemNotice what="The trend could not be read" error={trend.error} /> : null}
      {request.tagIds.length === 0 ? (
        <EmptyState title="No tags chosen" reason="Add up to eight tags above, or choose several in the tag list." />
      ) : traces.length > 0 && shown !== undefined ? (
        <TrendChart
          traces={traces}
          window={shown}
          holdTo={holdToOf(shown, systemClock.now())}
          onWindow={goWindow}
          timeZone={timeZone}
          asTable={search.view === 'table'}
          normal={normal}
          alarms={alarms}
          traceAction={(trace) => (
            <button
              type="button"
              className="trace-remove"
              aria-label={`Take ${trace.label} away`}
              onClick={() => withTags(request.tagIds.filter((id) => id !== trace.series.tagId))}
            >
              <X size={14} aria-hidden="true" />
            </button>
          )}
        />
      ) : waiting || trend.isPending ? (
        <div className="trend-waiting" aria-busy="true">
          <span className="tl-hidden">The trend is being read</span>
        </div>
      ) : null}
    </div>
  )
}

function WindowButtons({
  window,
  onWindow,
}: {
  window: ChartWindow
  onWindow: (window: ChartWindow) => void
}): ReactElement {
  const middle = (window.fromMs + window.toMs) / 2
  const moves = [
    { label: 'Earlier', icon: ChevronLeft, to: () => panned(window, -0.5) },
    { label: 'Later', icon: ChevronRight, to: () => panned(window, 0.5) },
    { label: 'Zoom in', icon: ZoomIn, to: () => zoomed(window, 0.5, middle) },
    { label: 'Zoom out', icon: ZoomOut, to: () => zoomed(window, 2, middle) },
  ]
  return (
    <fieldset className="trend-moves">
      <legend className="tl-hidden">Move the window</legend>
      {moves.map(({ label, icon: Icon, to }) => (
        <button
          key={label}
          type="button"
          className="icon-button"
          aria-label={label}
          title={label}
          onClick={() => onWindow(to())}
        >
          <Icon size={18} aria-hidden="true" />
        </button>
      ))}
    </fieldset>
  )
}

/** The tags of a link, each by itself: one that is gone sinks no other. */
function useTags(tagIds: readonly string[]): {
  tags: Tag[]
  missing: { tagId: string; error: Error }[]
  waiting: boolean
} {
  return useQueries({
    queries: tagIds.map((tagId) => ({ ...ask(getTag, { tagId }), staleTime: 60_000 })),
    combine: (answers) => ({
      tags: answers.flatMap((answer) => (answer.data === undefined ? [] : [answer.data])),
      missing: answers.flatMap((answer, index) =>
        answer.error === null ? [] : [{ tagId: tagIds[index] ?? '', error: answer.error }],
      ),
      waiting: answers.some((answer) => answer.isPending),
    }),
  })
}

const points = 1000

function useTrend(tags: readonly Tag[], window: ReturnType<typeof trendRequest>['window']) {
  const tagIds = tags.map((tag) => tag.id)
  const following = 'lastMs' in window
  return useQuery({
    queryKey: ['trend', tagIds, window],
    enabled: tagIds.length > 0,
    placeholderData: keepPreviousData,
    // A following window moves by about a pixel between two answers.
    refetchInterval: following ? Math.min(60_000, Math.max(2000, window.lastMs / 1000)) : false,
    queryFn: async ({ signal }) => {
      const { from, to } = instantsOf(window, systemClock.now())
      const series = await client(getTrend, { tagIds, window: { from, to }, points }, { signal })
      return { series, window: { fromMs: from / 1000, toMs: to / 1000 } }
    },
  })
}

function tracesOf(tags: readonly Tag[], series: readonly TrendSeries[], tree: PlantTree): TrendTrace[] {
  return tags.flatMap((tag) => {
    const own = series.find((one) => one.tagId === tag.id)
    if (own === undefined) return []
    const node = tree.byId(tag.nodeId)
    return [
      {
        series: own,
        label: node === undefined ? tag.path : `${node.name} ${tag.name}`,
        title: tag.path,
        unit: tag.unit,
        decimals: tag.decimals,
        stepped: tag.dataType !== 'double',
      },
    ]
  })
}

/** A following window ends now already; a fixed one may end in the future, and nothing is known of that. */
function holdToOf(window: ChartWindow, now: Instant): Instant {
  return Math.min(now, fromMs(window.toMs)) as Instant
}

function cleaned(search: TrendSearch): TrendSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined))
}

function answerOf(
  tags: readonly Tag[],
  window: ChartWindow | undefined,
  following: boolean,
  timeZone: string | undefined,
): string | undefined {
  if (tags.length === 0 || window === undefined) return undefined
  const count = `${tags.length} ${tags.length === 1 ? 'tag' : 'tags'}`
  if (following) return `${count}, following the clock`
  const from = formatInstant(fromMs(window.fromMs), 'record', timeZone)
  return `${count}, ${from} to ${formatInstant(fromMs(window.toMs), 'record', timeZone)}`
}

function csvName(window: ChartWindow | undefined): string {
  const { from, to } = searchOfWindow(window ?? { fromMs: 0, toMs: 0 })
  const plain = (iso: string): string => iso.slice(0, 19).replaceAll(':', '')
  return `trend-${plain(from)}Z-${plain(to)}Z.csv`
}
