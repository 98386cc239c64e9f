import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Asset, listAssets } from '@throughline/model'
import { DataTable, EmptyState, formatInstant, ProblemNotice } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { ask } from '../../door/queries.ts'
import { GuardedButton } from '../../identity/access/GuardedButton.tsx'
import { useDenial } from '../../identity/access/may.ts'
import { useNodes, useNow } from '../../performance/machine/performance-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { usePlantZone } from '../node/plant-hooks.ts'
import { RegisterAsset } from './AssetForms.tsx'
import { assetKindWords, assetStateWords, isDueSoon, unusable } from './asset-words.ts'
import { EquipmentTabs } from './EquipmentTabs.tsx'
import '../../identity/access/access.css'
import '../../performance/performance.css'

const route = getRouteApi('/app/gauges-and-tools')
const refreshMs = 10_000

/** Gauges, tools, fixtures and scales, the soonest due for calibration first. */
export function AssetListScreen(): ReactElement {
  const { kind, search = '' } = route.useSearch()
  const navigate = route.useNavigate()
  const denial = useDenial()
  const timeZone = usePlantZone()
  const now = useNow(10_000)
  const { tree, nodes } = useNodes()
  const [registering, setRegistering] = useState(false)
  const { data, error } = useQuery({
    ...ask(listAssets, kind === undefined ? {} : { kind }),
    refetchInterval: refreshMs,
  })
  const used = (data ?? []).filter(({ state }) => state !== 'retired')
  const closed = used.filter((asset) => unusable(asset, now) !== undefined).length
  const soon = used.filter((asset) => isDueSoon(asset, now)).length
  const words = search.trim().toLowerCase()
  const shown = data?.filter(({ code, type, description }) =>
    [code, type, description].some((text) => text.toLowerCase().includes(words)),
  )
  return (
    <>
      <ScreenHead
        title="Gauges and tools"
        answer={
          data === undefined ? undefined : (
            <>
              <strong>
                {closed === 0 ? 'All may be used' : `${closed} may not be used`}
                {soon === 0 ? '' : `, ${soon} to be calibrated within two weeks`}
              </strong>
              <span>{data.length} in all</span>
            </>
          )
        }
        actions={
          <GuardedButton
            reason={denial('equipment.asset.write', 'register gauges and tools')}
            onClick={() => setRegistering(true)}
          >
            Register one
          </GuardedButton>
        }
      />
      <EquipmentTabs />
      <div className="performance">
        <search className="access-filter">
          <TextInput
            label="Search"
            placeholder="Number, type or description"
            value={search}
            maxLength={60}
            onChange={({ currentTarget: { value } }) =>
              void navigate({
                search: (before) => ({ ...before, search: value === '' ? undefined : value }),
                replace: true,
              })
            }
          />
          <NativeSelect
            label="Kind"
            value={kind ?? ''}
            data={[
              { value: '', label: 'Any' },
              ...Asset.shape.kind.options.map((value) => ({ value: value as string, label: assetKindWords[value] })),
            ]}
            onChange={({ currentTarget: { value } }) =>
              void navigate({
                search: (before) => ({ ...before, kind: Asset.shape.kind.options.find((each) => each === value) }),
              })
            }
          />
        </search>
        {error === null ? null : <ProblemNotice what="The gauges and tools could not be read" error={error} />}
        {shown === undefined ? null : (
          <DataTable
            caption="Gauges, tools, fixtures and scales"
            rows={shown}
            rowKey={({ id }) => id}
            empty={<EmptyState title={data?.length === 0 ? 'None is registered yet.' : 'None fits.'} />}
            columns={[
              {
                key: 'code',
                head: 'Number',
                cell: ({ code, description }) => (
                  <>
                    <Link to="/gauges-and-tools/$code" params={{ code }}>
                      {code}
                    </Link>
                    <span className="machine-sub">{description}</span>
                  </>
                ),
              },
              { key: 'kind', head: 'Kind', tight: true, cell: (asset) => assetKindWords[asset.kind] },
              { key: 'type', head: 'Type', cell: ({ type }) => type },
              {
                key: 'where',
                head: 'Where',
                cell: ({ nodeId }) =>
                  nodeId === null ? 'nowhere fixed' : (tree.byId(nodeId)?.path ?? 'outside your scopes'),
              },
              {
                key: 'state',
                head: 'State',
                tight: true,
                cell: (asset) => {
                  const why = unusable(asset, now)
                  return (
                    <>
                      {why === undefined ? 'May be used' : <strong>Not to be used</strong>}
                      <span className="machine-sub">{why ?? assetStateWords[asset.state].toLowerCase()}</span>
                    </>
                  )
                },
              },
              {
                key: 'due',
                head: 'Calibration due',
                tight: true,
                cell: (asset) => (
                  <>
                    {!asset.needsCalibration
                      ? 'not needed'
                      : asset.calibrationDueAt === null
                        ? '—'
                        : formatInstant(asset.calibrationDueAt, 'record', timeZone)}
                    {isDueSoon(asset, now) ? <span className="machine-sub">within two weeks</span> : null}
                  </>
                ),
              },
            ]}
          />
        )}
      </div>
      {registering ? <RegisterAsset nodes={nodes} onClose={() => setRegistering(false)} /> : null}
    </>
  )
}
