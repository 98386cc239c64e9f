import type { TagDirectory } from '@throughline/equipment'
import type { Id } from '@throughline/kernel'
import { DomainError, newId, toIso } from '@throughline/kernel'
import { descendantsOf, findLot, getLots } from '@throughline/material'
import type { Lot, RecallDrill, ThreadNode, Window } from '@throughline/model'
import {
  endRecallDrill,
  exportRecallDrill,
  getRecallDrill,
  listRecallDrills,
  listRecordChanges,
  startRecallDrill,
} from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import { systemActor, timeTextIn } from '@throughline/platform'
import type { HandOut } from '../files.ts'
import { fileOf, proofOf } from '../files.ts'
import { findTouched, reachAll } from '../genealogy/reach.ts'
import { getStart } from '../genealogy/start.ts'
import { listLotKeys, listRefs } from '../genealogy/store.ts'
import { whenHeard } from '../graph/heard.ts'
import { recallDocument } from './document.ts'
import { affectedOf, countsOf, subjectOfLots } from './rules.ts'
import { endDrill, getDrill, insertDrill, listDrills } from './store.ts'

type LotId = Id<'Lot'>
type From = { readonly lots: readonly string[] } | { readonly node: ThreadNode; readonly window: Window }

/** Reads the versions of the drill: whoever may read a drill may read who ran it. */
const reader = systemActor('traceability.recall')

export function registerRecall(platform: Platform, directory: TagDirectory, hand: HandOut): void {
  platform.handle(listRecallDrills, (uow, asked) => listDrills(uow.trx, asked))
  platform.handle(getRecallDrill, (uow, { drillId }) => getDrill(uow.trx, drillId))

  platform.handle(exportRecallDrill, async (uow, { drillId }) => {
    await getDrill(uow.trx, drillId)
    const fileName = `recall-drill-${drillId}.pdf`
    return hand(uow, fileName, async () =>
      fileOf(fileName, 'application/pdf', await reportOf(platform, directory, drillId)),
    )
  })

  platform.handlePrepared(
    startRecallDrill,
    async () => {
      const began = performance.now()
      await whenHeard(platform)
      return began
    },
    async (uow, { from, reason }, began) => {
      const { subject, seeds } = await suspectsOf(uow, directory, from)
      const depths = await affectedBy(uow, seeds)
      const affected = affectedOf(await getLots(uow, [...depths.keys()]), depths, directory)
      const drill: RecallDrill = {
        id: newId<'RecallDrill'>(uow.at),
        begunBy: uow.actor.name,
        begunAt: uow.at,
        ...{ reason, subject, affected, counts: countsOf(affected) },
        elapsedMs: performance.now() - began,
        endedAt: null,
        conclusion: '',
      }
      await insertDrill(uow.trx, drill)
      uow.emit('traceability.recall-changed', { drillId: drill.id })
      return drill
    },
  )

  platform.handle(endRecallDrill, async (uow, { drillId, conclusion }) => {
    const drill = await getDrill(uow.trx, drillId)
    if (drill.endedAt === null && (await endDrill(uow.trx, drillId, uow.at, conclusion))) {
      uow.emit('traceability.recall-changed', { drillId })
      return { ...drill, endedAt: uow.at, conclusion }
    }
    throw new DomainError(
      'conflict',
      'traceability.recall-ended',
      'This recall drill has ended, which is for good: hold another',
      { drillId },
    )
  })
}

async function reportOf(platform: Platform, directory: TagDirectory, drillId: RecallDrill['id']): Promise<Buffer> {
  const { plant, ...proof } = await proofOf(platform)
  const record = { kind: 'traceability.recall_drill', id: drillId }
  const changes = await platform.run(listRecordChanges, reader, { record })
  const versions = changes.toReversed().map(({ change: { version, hash, at }, entry }) => ({
    ...{ version, hash, at, by: entry.actorName, roles: entry.actorRoles, operation: entry.operation },
  }))
  // A drill is of the whole plant, whose sites may not share a clock.
  const zones = new Set([...directory.nodes()].flatMap(({ timeZone }) => timeZone ?? []))
  const [zone = 'UTC'] = zones.size === 1 ? zones : []
  const drill = await getDrill(platform.db, drillId)
  return recallDocument({ drill, plant, versions, proof, at: platform.clock.now(), timeText: timeTextIn(zone) })
}

/** The lots that are suspect themselves, and what is, in words. */
async function suspectsOf(
  uow: UnitOfWork,
  directory: TagDirectory,
  from: From,
): Promise<{ subject: string; seeds: LotId[] }> {
  if ('lots' in from) {
    const lots = await namedLots(uow, from.lots)
    return { subject: subjectOfLots(lots.map(({ code }) => code)), seeds: lots.map(({ id }) => id) }
  }
  const { node, window } = from
  const start = await getStart(uow, directory, node)
  const subject = `${start.kind} ${start.label}, ${toIso(window.from)} to ${toIso(window.to)}`
  if (start.kind === 'lot') return { subject: `lot ${start.label}`, seeds: [start.id as LotId] }
  const { lots } = await findTouched(uow.trx, start.key, window)
  return { subject, seeds: (await listRefs(uow.trx, [...lots.keys()])).map(({ id }) => id as LotId) }
}

/** By code, as on the label, or by id. @throws DomainError `not-found` naming the first that is no lot */
async function namedLots(uow: UnitOfWork, names: readonly string[]): Promise<Lot[]> {
  const lots = new Map<string, Lot>()
  for (const name of new Set(names)) {
    const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name)
    const lot =
      (await findLot(uow, { code: name })) ?? (isId ? await findLot(uow, { lotId: name as LotId }) : undefined)
    if (lot === undefined) {
      throw new DomainError('not-found', 'traceability.lot-unknown', `There is no lot or serial ${name}`, { name })
    }
    lots.set(lot.id, lot)
  }
  return [...lots.values()]
}

/**
 * Every lot that the suspect ones went into, themselves included, by depth. Material's own book is asked as well: what the
 * graph has not heard of yet stands behind all others, so that a recall never misses a piece.
 */
async function affectedBy(uow: UnitOfWork, seeds: readonly LotId[]): Promise<Map<LotId, number>> {
  const keys = await reachAll(uow.trx, await listLotKeys(uow.trx, seeds))
  const nodes = await listRefs(uow.trx, [...keys.keys()])
  const depths = new Map<LotId, number>(seeds.map((id) => [id, 0]))
  let deepest = 0
  for (const { key, id } of nodes) {
    const depth = keys.get(key) ?? 0
    deepest = Math.max(deepest, depth)
    if (!depths.has(id as LotId)) depths.set(id as LotId, depth)
  }
  for (const id of await descendantsOf(uow, seeds)) if (!depths.has(id)) depths.set(id, deepest + 1)
  return depths
}
