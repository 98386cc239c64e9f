import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Lot } from '@throughline/model'
import { getLot } from '@throughline/model'
import { formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { ask } from '../../door/queries.ts'
import type { PlantTree } from '../../equipment/node/plant-tree.ts'
import { piecesText } from '../../execution/form/amount.ts'
import { isId, makingRefreshMs } from '../../execution/form/making-queries.ts'
import { OrderLink } from '../../execution/order/OrderLink.tsx'
import '../../execution/making.css'
import { useNodes, useNow } from '../../performance/machine/performance-hooks.ts'
import '../../performance/performance.css'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { InspectionList } from '../../quality/inspection/InspectionList.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { AsBuiltLink, ThreadLink } from '../../traceability/ThreadLink.tsx'
import { ContainerLink } from '../container/ContainerLink.tsx'
import { LotWeighings } from '../weighing/LotWeighings.tsx'
import { LabelPanel } from './LabelPanel.tsx'
import { LotActions } from './LotActions.tsx'
import { LotMovements } from './LotMovements.tsx'
import { lotProblems } from './lot-problems.ts'
import { hoursText, isExpired, lotStatusWords, outLifeNow } from './lot-words.ts'

const route = getRouteApi('/app/lots/$code')

/** One lot or serial: whether it may be used, until when, and what happened to it. */
export function LotScreen(): ReactElement {
  const { code } = route.useParams()
  const { tree, nodes } = useNodes()
  const { data: lot, error } = useQuery({
    ...ask(getLot, isId(code) ? { lotId: code } : { code }),
    refetchInterval: makingRefreshMs,
  })
  const timeZone = lot?.nodeId == null ? undefined : tree.timeZoneOf(lot.nodeId)
  return (
    <>
      <ScreenHead
        above={<Link to="/lots">Lots</Link>}
        title={lot === undefined ? `Lot ${code}` : `${lot.code}: ${lot.material}`}
        answer={lot === undefined ? undefined : <LotAnswer lot={lot} />}
        actions={lot === undefined ? undefined : <LotActions lot={lot} nodes={nodes} timeZone={timeZone} />}
      />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="The lot could not be read" error={error} />}
        {lot === undefined ? null : (
          <>
            <LotFacts lot={lot} tree={tree} timeZone={timeZone} />
            <LotMovements lot={lot} tree={tree} timeZone={timeZone} />
            <LotWeighings lot={lot} timeZone={timeZone} />
            <InspectionList of={{ lotId: lot.id }} piece={lot.code} timeZone={timeZone} />
            <LabelPanel subject={{ lotId: lot.id }} name={lot.code} />
          </>
        )}
      </div>
    </>
  )
}

function LotAnswer({ lot }: { readonly lot: Lot }): ReactElement {
  const now = useNow(10_000)
  const problems = lotProblems(lot, now)
  return (
    <>
      <strong>
        {lotStatusWords[lot.status]}
        {problems.length === 0 ? '' : `; ${problems.join('; ')}`}
      </strong>
      <span className="tl-figure">{piecesText(lot.quantity, lot.unit)}</span>
      <ThreadLink kind="lot" id={lot.code} />
      <AsBuiltLink code={lot.code} />
      <RecordTrailLink kind="material.lot" id={lot.id} />
    </>
  )
}

interface LotFactsProps {
  readonly lot: Lot
  readonly tree: PlantTree
  readonly timeZone: string | undefined
}

function LotFacts({ lot, tree, timeZone }: LotFactsProps): ReactElement {
  const now = useNow(10_000)
  return (
    <section className="performance-panel" aria-label="What is known">
      <dl className="stop-facts">
        <dt>Status</dt>
        <dd>
          <strong>{lotStatusWords[lot.status]}</strong>
          {lot.statusReason === '' ? null : <span className="machine-sub">{lot.statusReason}</span>}
        </dd>
        <dt>Expires</dt>
        <dd>
          {lot.expiresAt === null ? 'never' : formatInstant(lot.expiresAt, 'record', timeZone)}
          {isExpired(lot, now) ? <strong>, expired</strong> : null}
        </dd>
        {lot.outLife === null ? null : (
          <>
            <dt>Out-life</dt>
            <dd>
              <OutLifeClock outLife={lot.outLife} timeZone={timeZone} />
            </dd>
          </>
        )}
        <dt>Certificate</dt>
        <dd>
          {lot.certificate === null
            ? lot.certificateNeeded
              ? 'missing: without it the lot cannot be issued'
              : 'none, and none is needed'
            : lot.certificate.number}
        </dd>
        <dt>Open deviations</dt>
        <dd>
          {lot.openDeviations.length === 0 ? 'none' : null}
          {lot.openDeviations.map((deviation) => (
            <Link key={deviation} className="making-place" to="/deviations/$code" params={{ code: deviation }}>
              {deviation}
            </Link>
          ))}
        </dd>
        <dt>Where</dt>
        <dd>
          {lot.nodeId === null ? 'nowhere in the plant' : (tree.byId(lot.nodeId)?.path ?? 'outside your scopes')}
          {lot.place === '' ? '' : `, ${lot.place}`}
        </dd>
        {lot.containerId === null ? null : (
          <>
            <dt>Packed in</dt>
            <dd>
              <ContainerLink containerId={lot.containerId} />
            </dd>
          </>
        )}
        <dt>Supplier</dt>
        <dd>
          {lot.supplier === null
            ? '—'
            : `${lot.supplier}, ${lot.supplierLot === null ? 'several of its lots' : `its lot ${lot.supplierLot}`}`}
        </dd>
        <dt>Made by</dt>
        <dd>
          {lot.orderId === null ? 'no order' : <OrderLink orderId={lot.orderId} withState />}
          <span className="machine-sub">on record since {formatInstant(lot.madeAt, 'record', timeZone)}</span>
        </dd>
      </dl>
    </section>
  )
}

interface OutLifeClockProps {
  readonly outLife: NonNullable<Lot['outLife']>
  readonly timeZone: string | undefined
}

/** How long the lot was out of the cold store of what it may be, and whether the clock runs. */
function OutLifeClock({ outLife, timeZone }: OutLifeClockProps): ReactElement {
  const now = useNow(1000)
  const { usedSeconds, leftSeconds, isRunning, isOver } = outLifeNow(outLife, now)
  return (
    <>
      <strong>
        {hoursText(usedSeconds)} used of {hoursText(outLife.limitSeconds)}
        {isOver ? ': used up' : `, ${hoursText(leftSeconds)} left`}
      </strong>
      <progress
        className="making-clock"
        max={outLife.limitSeconds}
        value={Math.min(usedSeconds, outLife.limitSeconds)}
        aria-label="Out-life used"
      />
      <span className="machine-sub">
        {isRunning && outLife.outSince !== null
          ? `Running: out since ${formatInstant(outLife.outSince, 'record', timeZone)}`
          : 'Resting: it is stored cold'}
      </span>
    </>
  )
}
