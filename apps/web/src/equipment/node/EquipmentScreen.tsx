import { Button } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Alarm, EquipmentNode, Tag } from '@throughline/model'
import { EmptyState } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useMemo } from 'react'
import { worstOfTag } from '../../alarm/list/list-rules.ts'
import { NodeAlarms } from '../../alarm/standing/NodeAlarms.tsx'
import { useAlarms } from '../../alarm/standing/use-alarms.ts'
import { useShown, useSparkSeeds } from '../../live/live-hooks.ts'
import { RecordTrailLink } from '../../platform/record/RecordTrailLink.tsx'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { NodeOutage, TakeOutOfService } from '../outage/NodeOutage.tsx'
import { NodeProcesses } from '../special-process/NodeProcesses.tsx'
import { LiveIndicator } from '../tag/LiveIndicator.tsx'
import { TagRows } from '../tag/TagRows.tsx'
import { usePlantTree, useRankedUnits } from './plant-hooks.ts'
import type { PlantTree } from './plant-tree.ts'
import { unitsWithin } from './plant-tree.ts'
import { StateHistory } from './StateHistory.tsx'
import { ConditionText, UnitTile } from './UnitTile.tsx'
import { unitCondition } from './unit-condition.ts'
import './node.css'

const route = getRouteApi('/app/equipment/$')
const tracesPerTrend = 8

/** L2 and L3: one piece of equipment with its live values, and what lies below it. */
export function EquipmentScreen(): ReactElement {
  const { _splat: path = '' } = route.useParams()
  const { tree } = usePlantTree()
  const node = tree.node(path)
  if (node === undefined) {
    return (
      <>
        <ScreenHead title="Equipment" />
        <EmptyState
          title={`No equipment at "${path}"`}
          reason="It may have been renamed, or lie outside your scopes."
          action={<Link to="/">Go to the plant overview</Link>}
        />
      </>
    )
  }
  return <EquipmentOf key={node.id} node={node} tree={tree} />
}

function EquipmentOf({ node, tree }: { node: EquipmentNode; tree: PlantTree }): ReactElement {
  const unitLike = node.level === 'work-unit' || node.level === 'equipment-module'
  const own = useMemo(
    () => (unitLike ? tree.within(node.id).flatMap((part) => tree.tagsOf(part.id)) : tree.tagsOf(node.id)),
    [tree, node, unitLike],
  )
  const analog = useMemo(() => own.filter(isAnalog), [own])
  const discrete = useMemo(() => own.filter((tag) => !isAnalog(tag)), [own])
  const timeZone = tree.timeZoneOf(node.id)
  useShown(useMemo(() => discrete.map((tag) => tag.id), [discrete]))
  useShown(
    useMemo(() => analog.map((tag) => tag.id), [analog]),
    true,
  )
  const seeds = useSparkSeeds(analog)
  const { alarms = noAlarms } = useAlarms({ nodeId: node.id, show: 'standing', limit: 2000 })
  const below = useMemo(
    () => (unitLike ? [] : tree.children(node.id).flatMap((child) => unitsWithin(tree, child.id))),
    [tree, node, unitLike],
  )
  const trendTags = analog.slice(0, tracesPerTrend).map((tag) => tag.id)
  return (
    <>
      <ScreenHead
        above={<Breadcrumb path={tree.pathTo(node.id)} />}
        title={node.name}
        answer={
          <>
            {node.description === '' ? null : <span>{node.description}</span>}
            {own.length === 0 ? null : <OwnCondition node={node} tags={own} />}
            <RecordTrailLink kind="equipment.node" id={node.id} />
          </>
        }
        actions={
          <>
            {trendTags.length === 0 ? null : (
              <Button
                variant="default"
                renderRoot={(props) => <Link to="/trend" search={{ tags: trendTags.join(), last: '1h' }} {...props} />}
              >
                {analog.length > tracesPerTrend ? `Trend of the first ${tracesPerTrend}` : 'Trend of all'}
              </Button>
            )}
            {node.level === 'enterprise' || node.level === 'site' ? null : <TakeOutOfService node={node} tree={tree} />}
          </>
        }
      />
      <div className="equipment">
        <NodeOutage node={node} tree={tree} />
        <NodeProcesses node={node} tree={tree} />
        <NodeAlarms alarms={alarms} node={node.path} />
        {analog.length === 0 ? null : (
          <section aria-label="Measured values">
            <div className="indicators">
              {analog.map((tag) => (
                <LiveIndicator
                  key={tag.id}
                  tag={tag}
                  seed={seeds.get(tag.id) ?? noSeed}
                  timeZone={timeZone}
                  alarm={worstOfTag(alarms, tag.id)}
                />
              ))}
            </div>
          </section>
        )}
        {discrete.length === 0 ? null : (
          <div className="equipment-rows">
            {discrete.filter(isState).map((tag) => (
              <StateHistory key={tag.id} tag={tag} timeZone={timeZone} />
            ))}
            <TagRows caption="States and counts" tags={discrete} timeZone={timeZone} />
          </div>
        )}
        {below.length === 0 ? null : <Below units={below} alarms={alarms} />}
        {own.length === 0 && below.length === 0 ? (
          <EmptyState title="No tags here" reason="Neither this equipment nor anything below it has tags." />
        ) : null}
      </div>
    </>
  )
}

const noSeed = [] as const
const noAlarms = [] as const

/** What an indicator can draw: a measured number with a range, or a whole number with a normal band. */
function isAnalog(tag: Tag): boolean {
  const banded = tag.normalLow !== null && tag.normalHigh !== null
  if (tag.dataType === 'int64') return banded
  return tag.dataType === 'double' && (banded || (tag.rangeLow !== null && tag.rangeHigh !== null))
}

function isState(tag: Tag): boolean {
  return tag.dataType === 'string' && /state/i.test(tag.name)
}

interface BelowProps {
  readonly units: ReturnType<typeof unitsWithin>
  readonly alarms: readonly Alarm[]
}

function Below({ units, alarms }: BelowProps): ReactElement {
  useShown(useMemo(() => units.flatMap((unit) => unit.tags.map((tag) => tag.id)), [units]))
  const ranked = useRankedUnits(units)
  return (
    <section aria-label="Units below" className="unit-tiles">
      {ranked.map((entry) => (
        <UnitTile key={entry.unit.node.id} ranked={entry} alarms={alarms} />
      ))}
    </section>
  )
}

function OwnCondition({ node, tags }: { node: EquipmentNode; tags: readonly Tag[] }): ReactElement {
  const units = useMemo(() => [{ node, tags }], [node, tags])
  const [ranked] = useRankedUnits(units)
  const condition = ranked?.condition ?? unitCondition({ node, tags }, () => undefined, 'offline')
  return (
    <span className="equipment-condition">
      <ConditionText condition={condition} />
    </span>
  )
}

/** The ISA-95 path, each level a link; on narrow screens it wraps. */
function Breadcrumb({ path }: { path: readonly EquipmentNode[] }): ReactElement {
  return (
    <nav aria-label="Equipment path" className="breadcrumb">
      <ol>
        <li>
          <Link to="/">Plant</Link>
        </li>
        {path.map((node, index) => (
          <li key={node.id}>
            {index === path.length - 1 ? (
              <span aria-current="page">{node.name}</span>
            ) : (
              <Link to="/equipment/$" params={{ _splat: node.path }}>
                {node.name}
              </Link>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
