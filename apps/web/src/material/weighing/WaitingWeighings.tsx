import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { CurrentSession, Lot, Weighing } from '@throughline/model'
import { confirmWeighing, getLot } from '@throughline/model'
import { EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { client } from '../../door/client.ts'
import { ask } from '../../door/queries.ts'
import { usePlantZone } from '../../equipment/node/plant-hooks.ts'
import { amountText } from '../../execution/form/amount.ts'
import { useMakingRefresh } from '../../execution/form/making-queries.ts'
import { OrderLink } from '../../execution/order/OrderLink.tsx'
import { useNodes } from '../../performance/machine/performance-hooks.ts'
import { LotLink } from '../lot/LotLink.tsx'
import { sourceWords, toleranceText } from './weigh-figures.ts'

interface WaitingWeighingsProps {
  /** Newest first. */
  readonly fresh: readonly Weighing[]
  /** Of days before: nobody waits for them any more. */
  readonly stale: readonly Weighing[]
  readonly session: CurrentSession
  /** The lot that the last confirmation made. */
  readonly done: Lot['id'] | undefined
  readonly onHandOver: () => void
  readonly onDone: (confirmed: Weighing) => void
}

/** What was weighed and waits for the second person: until then nothing is taken from the lot. */
export function WaitingWeighings({ fresh, stale, done, ...rest }: WaitingWeighingsProps): ReactElement {
  return (
    <div className="weigh-waiting">
      {done === undefined ? null : (
        <p className="weigh-within">
          Dispensed as lot <LotLink lotId={done} />: open it and print its label.
        </p>
      )}
      {fresh.length === 0 ? (
        <EmptyState title="No weighing waits for a second person." reason="Weigh something out first." />
      ) : null}
      {fresh.map((weighing) => (
        <Waiting key={weighing.id} weighing={weighing} {...rest} />
      ))}
      {stale.length === 0 ? null : (
        <details className="station-earlier">
          <summary>
            {stale.length} of earlier days {stale.length === 1 ? 'was' : 'were'} never confirmed
          </summary>
          {stale.map((weighing) => (
            <Waiting key={weighing.id} weighing={weighing} {...rest} />
          ))}
        </details>
      )}
    </div>
  )
}

type WaitingProps = { readonly weighing: Weighing } & Pick<WaitingWeighingsProps, 'session' | 'onHandOver' | 'onDone'>

function Waiting({ weighing, session, onHandOver, onDone }: WaitingProps): ReactElement {
  const shared = usePlantZone()
  const { tree } = useNodes()
  const refresh = useMakingRefresh()
  const { id, lotId, orderId, net, unit, tare, gross, scale, source, weighedBy, weighedAt } = weighing
  const { data: lot } = useQuery({ ...ask(getLot, { lotId }), retry: false, staleTime: 60_000 })
  const timeZone = (lot?.nodeId == null ? undefined : tree.timeZoneOf(lot.nodeId)) ?? shared
  const confirm = useMutation({
    mutationFn: () => client(confirmWeighing, { weighingId: id }),
    onSuccess: onDone,
    onSettled: refresh,
  })
  return (
    <article className="station-state" aria-label={`${net} ${unit} weighed by ${weighedBy}`}>
      <h2 className="weigh-net">{amountText(net, unit)}</h2>
      <dl className="stop-facts">
        <dt>Of the lot</dt>
        <dd>
          <LotLink lotId={lotId} withMaterial />
        </dd>
        <dt>Target</dt>
        <dd>{toleranceText(weighing)}</dd>
        <dt>Gross, tare</dt>
        <dd>
          {amountText(gross, unit)}, {amountText(tare, unit)}
        </dd>
        <dt>Scale</dt>
        <dd>
          <Link to="/gauges-and-tools/$code" params={{ code: scale }}>
            {scale}
          </Link>
          , {sourceWords[source]}
        </dd>
        <dt>For</dt>
        <dd>{orderId === null ? 'no order' : <OrderLink orderId={orderId} />}</dd>
        <dt>Weighed</dt>
        <dd>
          by {weighedBy}, {formatInstant(weighedAt, 'record', timeZone)}
        </dd>
      </dl>
      {confirm.isError ? <ProblemNotice what="It was not confirmed" error={confirm.error} /> : null}
      <div className="work-acts">
        {weighedBy === session.name ? (
          <>
            <p>You weighed it: another person looks at the scale and confirms.</p>
            <button type="button" className="station-tile" onClick={onHandOver}>
              Hand over
            </button>
          </>
        ) : (
          <button
            type="button"
            className="station-tile station-tile-main"
            disabled={confirm.isPending}
            onClick={() => confirm.mutate()}
          >
            I looked at the scale: confirm {amountText(net, unit)}
          </button>
        )}
      </div>
    </article>
  )
}
