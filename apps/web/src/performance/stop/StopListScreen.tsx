import { SegmentedControl } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Stop } from '@throughline/model'
import { listStops } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice, StateChip } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useMemo } from 'react'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { useTopic } from '../../live/topic-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { durationText, stateText } from '../machine/machine-words.ts'
import {
  useInWindow,
  useNow,
  usePlace,
  useReasons,
  useShownWindow,
  useWindowChoice,
} from '../machine/performance-hooks.ts'
import { PerformanceTabs } from '../PerformanceTabs.tsx'
import { WindowBar } from '../window/WindowBar.tsx'
import { MergeStops } from './MergeStops.tsx'
import { openFirst } from './stop-rules.ts'

const route = getRouteApi('/app/stops')

const shows = [
  { value: 'all', label: 'All' },
  { value: 'open', label: 'Open' },
  { value: 'unexplained', label: 'Unexplained' },
  { value: 'minor', label: 'Minor' },
] as const

/** The stops of a window, open ones first, with what nobody explained on top; minor stops apart. */
export function StopListScreen(): ReactElement {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { node, unknown, tree, nodes, timeZone } = usePlace(search.node)
  const choice = useWindowChoice(search, node?.id, timeZone)
  const shown = useShownWindow(choice)
  const show = search.show ?? 'all'
  useTopic('performance', [[listStops.name]])
  const { data, error } = useInWindow(listStops, choice, [node?.id ?? null, show], (window) => ({
    ...(node === undefined ? {} : { nodeId: node.id }),
    window,
    show,
  }))
  const minor = useInWindow(listStops, choice, [node?.id ?? null, 'minor-count'], (window) => ({
    ...(node === undefined ? {} : { nodeId: node.id }),
    window,
    show: 'minor' as const,
    limit: 1,
  }))
  const stops = useMemo(() => openFirst(data?.answer.stops ?? []), [data])
  return (
    <>
      <ScreenHead
        title={node === undefined ? 'Stops' : `Stops of ${node.name}`}
        answer={data === undefined ? undefined : answerOf(data.answer, minor.data?.answer.total)}
      />
      <PerformanceTabs />
      <WindowBar
        {...{ nodes, node, search, shown, timeZone }}
        onChange={(next) => void navigate({ search: (before) => ({ ...before, ...next }) })}
      >
        <SegmentedControl
          aria-label="Which stops"
          data={shows.map(({ value, label }) => ({ value, label }))}
          value={show}
          onChange={(value) =>
            void navigate({
              search: (before) => ({ ...before, show: shows.find((one) => one.value === value)?.value }),
            })
          }
        />
      </WindowBar>
      <div className="performance">
        {unknown ? (
          <p className="screen-note" role="alert">
            No equipment at “{search.node}”. Shown are the stops of all that you may see.
          </p>
        ) : null}
        {error === null ? null : <ProblemNotice what="The stops could not be read" error={error} />}
        {data === undefined ? null : (
          <>
            {data.answer.total > stops.length ? (
              <p className="screen-note">
                The newest {stops.length} of {data.answer.total} stops are shown. Choose a shorter window or one machine
                for the others.
              </p>
            ) : null}
            <StopTable stops={stops} tree={tree} timeZone={timeZone} show={show} />
            <MergeStops stops={stops} tree={tree} timeZone={timeZone} />
          </>
        )}
      </div>
    </>
  )
}

function answerOf(
  { stops, total, unexplainedUs }: { stops: readonly Stop[]; total: number; unexplainedUs: number },
  minor: number | undefined,
): ReactElement {
  const open = stops.filter(({ to }) => to === null).length
  const unexplained = stops.filter((stop) => stop.reasonId === null && !stop.minor).length
  return (
    <>
      <span>
        {total} {total === 1 ? 'stop' : 'stops'}
        {open === 0 ? '' : `, ${open} open`}
      </span>
      <strong>
        {unexplainedUs === 0 ? (total === 0 ? '' : 'All explained') : `${durationText(unexplainedUs)} unexplained`}
        {unexplained === 0 ? '' : ` in ${unexplained} ${unexplained === 1 ? 'stop' : 'stops'}`}
      </strong>
      {minor === undefined || minor === 0 ? null : (
        <span>
          {minor} minor {minor === 1 ? 'stop' : 'stops'} apart
        </span>
      )}
    </>
  )
}

interface StopTableProps {
  readonly stops: readonly Stop[]
  readonly tree: PlantTree
  readonly timeZone: string | undefined
  readonly show: string
}

function StopTable({ stops, tree, timeZone, show }: StopTableProps): ReactElement {
  const now = useNow()
  const { textOf } = useReasons('stop', undefined)
  return (
    <DataTable
      caption="Stops"
      rows={stops}
      rowKey={(stop) => stop.id}
      empty={
        <EmptyState
          title={show === 'unexplained' ? 'Every stop of this window is explained.' : 'No stops in this window.'}
          reason={show === 'all' ? 'Minor stops stand apart, under “Minor”.' : 'Other windows may hold some.'}
        />
      }
      columns={[
        {
          key: 'from',
          head: 'From',
          tight: true,
          cell: (stop) => (
            <Link to="/stops/$stopId" params={{ stopId: stop.id }} className="tl-figure">
              {formatInstant(stop.from, 'day-minute', timeZone)}
            </Link>
          ),
        },
        {
          key: 'lasts',
          head: 'Lasts',
          align: 'right',
          tight: true,
          cell: (stop) => (
            <span className="tl-figure">
              {durationText((stop.to ?? now) - stop.from)}
              {stop.to === null ? <strong className="machine-sub">open</strong> : null}
            </span>
          ),
        },
        { key: 'machine', head: 'Machine', tight: true, cell: (stop) => tree.byId(stop.nodeId)?.name ?? '—' },
        {
          key: 'state',
          head: 'State',
          tight: true,
          cell: (stop) => <StateChip state={stop.state} label={stateText(stop.state, stop.label)} />,
        },
        {
          key: 'reason',
          head: 'Reason',
          cell: (stop) =>
            stop.reasonId === null ? (
              stop.minor ? (
                <span className="tl-dim">minor stop: needs none</span>
              ) : (
                <strong>Unexplained</strong>
              )
            ) : (
              <>
                {textOf(stop.reasonId)}
                {stop.reasonBy === 'person' ? null : (
                  <span className="machine-sub">{byWords[stop.reasonBy ?? 'rule']}</span>
                )}
              </>
            ),
        },
        {
          key: 'cause',
          head: 'Caused by',
          tight: true,
          cell: (stop) => (stop.causedBy === null ? '' : (tree.byId(stop.causedBy)?.name ?? 'another machine')),
        },
        {
          key: 'order',
          head: 'Order',
          tight: true,
          cell: (stop) => (
            <>
              {stop.order ?? '—'}
              {stop.product === null ? null : <span className="machine-sub">{stop.product}</span>}
            </>
          ),
        },
        {
          key: 'comments',
          head: 'Remarks',
          align: 'right',
          tight: true,
          cell: (stop) => (stop.comments.length === 0 ? '' : stop.comments.length),
        },
      ]}
    />
  )
}

const byWords = { machine: 'by the machine’s code', rule: 'by rule', person: 'by a person' } as const
