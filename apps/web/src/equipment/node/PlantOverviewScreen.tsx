import { Link } from '@tanstack/react-router'
import type { Alarm, AlarmSummary, EquipmentNode } from '@throughline/model'
import { EmptyState } from '@throughline/ui'
import type { ReactElement } from 'react'
import { useMemo } from 'react'
import { alarmsOfUnit, countOf } from '../../alarm/list/list-rules.ts'
import { useAlarms } from '../../alarm/standing/use-alarms.ts'
import { mostWatched } from '../../live/live-connection.ts'
import { useLineState, useShown } from '../../live/live-hooks.ts'
import { ScreenHead } from '../../shell/ScreenHead.tsx'
import { OutOfServiceLink } from '../outage/OutOfServiceLink.tsx'
import type { RankedUnit } from './plant-hooks.ts'
import { usePlantTree, useRankedUnits } from './plant-hooks.ts'
import type { PlantTree } from './plant-tree.ts'
import { unitsWithin } from './plant-tree.ts'
import { UnitTile } from './UnitTile.tsx'
import './node.css'

const noAlarms = [] as const

/** L1: the whole plant, worst first, and in the first line the answer to "is anything wrong?". */
export function PlantOverviewScreen(): ReactElement {
  const { tree, total, listed } = usePlantTree()
  const units = useMemo(() => tree.roots.flatMap((root) => unitsWithin(tree, root.id)), [tree])
  const tagIds = useMemo(() => units.flatMap((unit) => unit.tags.map((tag) => tag.id)), [units])
  useShown(tagIds)
  const ranked = useRankedUnits(units)
  const line = useLineState()
  const { alarms = noAlarms, summary } = useAlarms({ show: 'standing', limit: 2000 })
  const groups = useMemo(() => grouped(tree, ranked), [tree, ranked])
  if (units.length === 0) {
    return (
      <>
        <ScreenHead title="Plant overview" />
        <EmptyState
          title="No equipment yet"
          reason="The plant has no units with tags, or none within your scopes. An engineer adds them by applying a plant model."
        />
      </>
    )
  }
  return (
    <>
      <ScreenHead
        title="Plant overview"
        answer={
          <>
            <span>
              {[...alarmWords(summary), line === 'live' ? answerOf(ranked) : 'Values are not live now.'].join(' · ')}
            </span>
            <OutOfServiceLink />
          </>
        }
      />
      {tagIds.length > mostWatched || total > listed ? (
        <p className="screen-note">
          Live values and order cover the first {Math.min(mostWatched, listed)} of {total} tags.
        </p>
      ) : null}
      {groups.map(({ site, areas }) => (
        <section key={site.id} className="site" aria-labelledby={`site-${site.id}`}>
          <header className="site-head">
            <h2 id={`site-${site.id}`}>
              <Link to="/equipment/$" params={{ _splat: site.path }}>
                {site.name.toUpperCase() === site.name ? site.name : site.description || site.name}
              </Link>
            </h2>
            <span className="tl-dim">{siteText(site, areas, alarms)}</span>
          </header>
          <div className="areas">
            {areas.map(({ area, units: areaUnits }) => (
              <section
                key={area.id}
                className="area"
                data-span={Math.min(areaUnits.length, 4)}
                aria-labelledby={`area-${area.id}`}
              >
                <h3 id={`area-${area.id}`}>
                  <Link to="/equipment/$" params={{ _splat: area.path }}>
                    {area.name}
                  </Link>
                  <span className="tl-dim area-about">{area.description}</span>
                </h3>
                <div className="unit-tiles">
                  {areaUnits.map((entry) => (
                    <UnitTile key={entry.unit.node.id} ranked={entry} alarms={alarms} />
                  ))}
                </div>
              </section>
            ))}
          </div>
        </section>
      ))}
    </>
  )
}

interface AreaGroup {
  readonly area: EquipmentNode
  readonly units: readonly RankedUnit[]
}
interface SiteGroup {
  readonly site: EquipmentNode
  readonly areas: readonly AreaGroup[]
}

/** Sites and areas stand in the order of their worst unit, because the units come worst first. */
function grouped(tree: PlantTree, ranked: readonly RankedUnit[]): SiteGroup[] {
  const sites = new Map<
    string,
    { site: EquipmentNode; areas: Map<string, { area: EquipmentNode; units: RankedUnit[] }> }
  >()
  for (const entry of ranked) {
    const path = tree.pathTo(entry.unit.node.id)
    const site = path.find((node) => node.level === 'site') ?? path[0] ?? entry.unit.node
    const area = path.find((node) => node.level === 'area') ?? site
    const siteGroup = sites.get(site.id) ?? { site, areas: new Map() }
    sites.set(site.id, siteGroup)
    const areaGroup = siteGroup.areas.get(area.id) ?? { area, units: [] }
    siteGroup.areas.set(area.id, areaGroup)
    areaGroup.units.push(entry)
  }
  return [...sites.values()].map(({ site, areas }) => ({ site, areas: [...areas.values()] }))
}

function siteText(site: EquipmentNode, areas: readonly AreaGroup[], alarms: readonly Alarm[]): string {
  const units = areas.flatMap((area) => area.units)
  const troubled = units.filter(
    ({ unit, condition }) => condition.rank > 0 || alarmsOfUnit(alarms, unit).length > 0,
  ).length
  const about = site.description === '' ? [] : [site.description]
  return [...about, `${units.length} units`, troubled === 0 ? 'all normal' : `${troubled} to look at`].join(' · ')
}

/** What stands, as the alarm list counts it; nothing for people who may not read alarms. */
function alarmWords(summary: AlarmSummary | undefined): string[] {
  if (summary === undefined) return []
  const standing = countOf(summary.standing)
  const waiting = countOf(summary.unacknowledged)
  const words = standing === 0 ? 'No alarms' : `${standing} ${standing === 1 ? 'alarm stands' : 'alarms stand'}`
  // Of an alarm whose signal is bad nobody knows whether it stands.
  const unknown = summary.unknown === 0 ? [] : [`${summary.unknown} not known`]
  return [[words, ...(waiting === 0 ? [] : [`${waiting} not acknowledged`]), ...unknown].join(', ')]
}

function answerOf(ranked: readonly RankedUnit[]): string {
  const tags = ranked.reduce((sum, { unit }) => sum + unit.tags.length, 0)
  const outside = ranked.filter(({ condition }) => condition.counts.outside > 0).length
  const untrusted = ranked.filter(({ condition: { counts } }) => counts.bad + counts.stale + counts.missing > 0).length
  const scale = `${ranked.length} units, ${tags} tags`
  if (outside === 0 && untrusted === 0) return `All values normal · ${scale}`
  const parts = [`${outside} with values outside normal`, `${untrusted} with bad, stale or missing data`]
  return `${parts.join(' · ')} · ${scale}`
}
