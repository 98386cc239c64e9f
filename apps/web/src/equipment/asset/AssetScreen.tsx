import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Asset } from '@throughline/model'
import { listAssets, listCalibrations } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { LabelPanel } from '../../material/lot/LabelPanel.tsx'
import { useNodes, useNow } from '../../performance/machine/performance-hooks.ts'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { usePlantZone } from '../node/plant-hooks.ts'
import { DoubtedGauges } from '../outage/DoubtedGauges.tsx'
import { ChangeAssetState, RecordCalibration } from './AssetForms.tsx'
import { assetKindWords, assetStateWords, toleranceWords, unusable } from './asset-words.ts'
import '../../performance/performance.css'

const route = getRouteApi('/app/gauges-and-tools/$code')

/** One gauge or tool: whether it may be used, until when, and every calibration. */
export function AssetScreen(): ReactElement {
  const { code } = route.useParams()
  const denial = useDenial()
  const shared = usePlantZone()
  const { tree } = useNodes()
  const now = useNow(10_000)
  const [task, setTask] = useState<'calibrate' | 'state' | undefined>(undefined)
  const { data, error } = useQuery(ask(listAssets, { code }))
  const asset = data?.[0]
  const timeZone = (asset?.nodeId == null ? undefined : tree.timeZoneOf(asset.nodeId)) ?? shared
  const why = asset === undefined ? undefined : unusable(asset, now)
  const close = (): void => setTask(undefined)
  return (
    <>
      <ScreenHead
        above={<Link to="/gauges-and-tools">Gauges and tools</Link>}
        title={asset === undefined || asset.description === '' ? code : `${code}: ${asset.description}`}
        answer={
          asset === undefined ? undefined : (
            <>
              <strong>{why === undefined ? 'May be used' : `Not to be used: ${why}`}</strong>
              <span>
                {assetKindWords[asset.kind]}, {asset.type}
              </span>
              <RecordTrailLink kind="equipment.asset" id={asset.id} />
            </>
          )
        }
        actions={
          asset === undefined || asset.state === 'retired' ? undefined : (
            <>
              <GuardedButton
                reason={denial('equipment.calibration.write', 'record calibrations')}
                onClick={() => setTask('calibrate')}
              >
                Record a calibration
              </GuardedButton>
              <GuardedButton
                variant="default"
                reason={denial('equipment.asset.write', 'set the state of gauges and tools')}
                onClick={() => setTask('state')}
              >
                Set the state
              </GuardedButton>
            </>
          )
        }
      />
      <div className="performance">
        {error === null ? null : <ProblemNotice what="It could not be read" error={error} />}
        {data !== undefined && asset === undefined ? (
          <EmptyState title={`There is no gauge or tool ${code}`} reason="It may lie outside your scopes." />
        ) : null}
        {asset === undefined ? null : (
          <>
            <section className="performance-panel" aria-label="What is known">
              <dl className="stop-facts">
                <dt>State</dt>
                <dd>{assetStateWords[asset.state]}</dd>
                <dt>Where</dt>
                <dd>
                  {asset.nodeId === null
                    ? 'belongs nowhere fixed'
                    : (tree.byId(asset.nodeId)?.path ?? 'outside your scopes')}
                </dd>
                <dt>Calibration</dt>
                <dd>{calibrationText(asset, timeZone)}</dd>
              </dl>
            </section>
            <DoubtedGauges assetId={asset.id} />
            <Calibrations asset={asset} timeZone={timeZone} />
            <LabelPanel subject={{ assetCode: asset.code }} name={asset.code} />
          </>
        )}
      </div>
      {asset === undefined || task === undefined ? null : task === 'calibrate' ? (
        <RecordCalibration asset={asset} timeZone={timeZone} onClose={close} />
      ) : (
        <ChangeAssetState asset={asset} onClose={close} />
      )}
    </>
  )
}

function calibrationText(asset: Asset, timeZone: string | undefined): string {
  if (!asset.needsCalibration) return 'not needed'
  const every = asset.intervalDays === null ? '' : `, every ${asset.intervalDays} days`
  if (asset.calibratedAt === null) return `needed${every}; none yet`
  const due =
    asset.calibrationDueAt === null ? '' : `, due ${formatInstant(asset.calibrationDueAt, 'record', timeZone)}`
  return `last good one ${formatInstant(asset.calibratedAt, 'record', timeZone)}${due}${every}`
}

interface CalibrationsProps {
  readonly asset: Asset
  readonly timeZone: string | undefined
}

function Calibrations({ asset, timeZone }: CalibrationsProps): ReactElement {
  const { data, error } = useQuery(ask(listCalibrations, { assetId: asset.id }))
  return (
    <section aria-labelledby="asset-calibrations">
      <h2 id="asset-calibrations">Calibrations, newest first</h2>
      {error === null ? null : <ProblemNotice what="The calibrations could not be read" error={error} />}
      {data === undefined ? null : (
        <DataTable
          caption="Every calibration of it"
          rows={data}
          rowKey={({ id }) => id}
          empty={<EmptyState title="No calibration is recorded." />}
          columns={[
            { key: 'at', head: 'When', tight: true, cell: ({ at }) => formatInstant(at, 'record', timeZone) },
            { key: 'found', head: 'As found', tight: true, cell: ({ asFound }) => toleranceWords[asFound] },
            { key: 'left', head: 'As left', tight: true, cell: ({ asLeft }) => toleranceWords[asLeft] },
            {
              key: 'certificate',
              head: 'Certificate',
              cell: ({ certificate, document }) =>
                document === null ? (
                  certificate || '—'
                ) : (
                  <a href={`/api/execution/media/${document}`} target="_blank" rel="noreferrer">
                    {certificate || 'PDF'}
                  </a>
                ),
            },
            {
              key: 'due',
              head: 'Due again',
              tight: true,
              cell: ({ dueAt }) => (dueAt === null ? '—' : formatInstant(dueAt, 'record', timeZone)),
            },
            { key: 'by', head: 'Recorded by', tight: true, cell: ({ recordedBy }) => recordedBy },
            { key: 'comment', head: 'Comment', cell: ({ comment }) => comment },
          ]}
        />
      )}
    </section>
  )
}
