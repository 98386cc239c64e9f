import { findAsset, listCalibrationsOf } from '@throughline/equipment'
import type { StoredRun } from '@throughline/execution'
import {
  findInstruction,
  findOrder,
  findWorkDefinition,
  listOverrides,
  listProgramChecks,
  listRecordsBeside,
  listRunsOfLots,
  listStepEntries,
} from '@throughline/execution'
import { listQualificationsOf } from '@throughline/identity'
import type { Id, Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import {
  findLot,
  findMovements,
  getBom,
  getDefinition,
  getLots,
  listContainersAround,
  listLastPlaces,
  listMovementsInto,
  listWeighingsInto,
} from '@throughline/material'
import type { Lot, RecordRef, WorkDefinition, WorkInstruction } from '@throughline/model'
import type { Tables } from '@throughline/platform'
import { listHeads } from '@throughline/platform'
import type { Kysely } from 'kysely'
import { listFindings, listSeals } from '../readings/store.ts'
import type { Facts, Genealogy, KnownTool, LotEdge, LotId, QualityRecords, RunFacts } from './facts.ts'
import { recordsOf } from './records.ts'
import { edgesInto, peopleIn, selfIn, selvesOf, toolCodesOf } from './rules.ts'

type Db = Kysely<Tables>

/** Lots of one record: what a person or a program can still read. */
const lotsAtMost = 5000
const movementsAtMost = 2000

interface Asked {
  readonly lotId: LotId
  readonly at: Instant
  /** Places that whoever asks may see; null = all. */
  readonly within: ReadonlySet<Id<'EquipmentNode'>> | null
  readonly quality: QualityRecords
}

/** Everything that the database knows of one lot; undefined = there is no such lot. */
export async function loadFacts(db: Db, { lotId, at, within, quality }: Asked): Promise<Facts | undefined> {
  const now = { trx: db, at }
  const lot = await findLot(now, { lotId })
  if (lot === undefined) return undefined
  const genealogy = await loadGenealogy(db, lotId)
  const seen = await visible(db, genealogy, lotId, within)
  const lots = [lot, ...(seen.length > 1 ? await getLots(now, seen.slice(1)) : [])]
  const selves = selvesOf(lotId, genealogy)
  const order = lot.orderId === null ? undefined : await findOrder(db, lot.orderId)
  const runs = await loadRuns(db, selves)
  const runIds = runs.map(({ run }) => run.id)
  const orders = [...new Set(runs.map(({ run }) => run.orderId))]
  const { movements, total } = await findMovements(db, { lotId, places: null, limit: movementsAtMost })
  const workDefinitionId = order?.workDefinitionId ?? runs[0]?.run.workDefinitionId
  const inspections = await quality.inspectionsOf(db, { lots: [...selves.keys()], runs: runIds })
  const weighings = await listWeighingsInto(
    db,
    lots.map(({ id }) => id),
  )
  const facts: Omit<Facts, 'records' | 'unrecorded'> = {
    ...{ at, lot, lots, hidden: genealogy.depths.size - seen.length, genealogy, order, runs, movements },
    movementsInAll: total,
    definition: await orNone(getDefinition({ trx: db }, lot.definitionId)),
    orderCodes: await codesOf(db, lots),
    workDefinition: workDefinitionId == null ? undefined : await findWorkDefinition(db, workDefinitionId),
    bom: order?.bomId == null ? undefined : await orNone(getBom({ trx: db }, order.bomId)),
    inspections,
    weighings,
    seals: await listSeals(db, runIds),
    readingFindings: await listFindings(db, runIds),
    deviations: await quality.deviationsOf(db, { lots: [...selves.keys()], runs: runIds, orders }),
    containers: await listContainersAround(db, lotId),
    tools: await loadTools(db, [
      ...[...toolCodesOf(runs), ...inspections.flatMap(({ gauge }) => gauge ?? [])],
      ...weighings.map(({ scale }) => scale),
    ]),
    qualifications: await loadQualifications(db, peopleIn(runs)),
  }
  const beside = await listRecordsBeside(
    db,
    runs.flatMap(({ entries }) => entries.map(({ id }) => id)),
  )
  const { always, perhaps } = recordsOf(facts)
  const records = await listHeads(db, [...always, ...beside, ...perhaps])
  const known = new Set(records.map(nameOf))
  return { ...facts, records, unrecorded: [...always, ...beside].filter((record) => !known.has(nameOf(record))) }
}

const nameOf = ({ kind, id }: RecordRef): string => `${kind} ${id}`

/** What the lot was made of, level by level, from material's own book of movements. */
async function loadGenealogy(db: Db, root: LotId): Promise<Genealogy> {
  const depths = new Map<LotId, number>([[root, 0]])
  const edges: LotEdge[] = []
  let level: LotId[] = [root]
  for (let depth = 1; level.length > 0; depth += 1) {
    const found = edgesInto(await listMovementsInto(db, level), new Set(level))
    const next = [...new Set(found.map(({ from }) => from))].filter((lot) => !depths.has(lot))
    if (depths.size + next.length > lotsAtMost) return { depths, edges, truncated: true }
    edges.push(...found)
    for (const lot of next) depths.set(lot, depth)
    level = next
  }
  return { depths, edges, truncated: false }
}

/** The lots that may be told, the asked one first: whoever may see that one is told of it. */
async function visible(db: Db, { depths }: Genealogy, root: LotId, within: Asked['within']): Promise<LotId[]> {
  if (within === null) return [...depths.keys()]
  const places = await listLastPlaces(db, [...depths.keys()])
  return [...depths.keys()].filter((lot) => {
    const place = places.get(lot)
    return lot === root || (place !== undefined && within.has(place))
  })
}

async function codesOf(db: Db, lots: readonly Lot[]): Promise<Map<string, string>> {
  const codes = new Map<string, string>()
  for (const id of new Set(lots.flatMap(({ orderId }) => orderId ?? []))) {
    const order = await findOrder(db, id)
    if (order !== undefined) codes.set(id, order.code)
  }
  return codes
}

async function loadRuns(db: Db, selves: ReadonlyMap<LotId, Instant | null>): Promise<RunFacts[]> {
  const definitions = remembering((id: string): Promise<WorkDefinition | undefined> => findWorkDefinition(db, id))
  const instructions = remembering((id: string): Promise<WorkInstruction | undefined> => findInstruction(db, id))
  const facts: RunFacts[] = []
  for (const run of await listRunsOfLots(db, [...selves.keys()])) {
    const lotId = selfIn(selves, run)
    if (lotId === undefined) continue
    const definition = await definitions(run.workDefinitionId)
    const entries = await listStepEntries(db, run.id)
    facts.push({
      ...{ run, lotId, definition },
      operation: definition?.operations.find(({ sequence }) => sequence === run.sequence),
      instruction: run.instructionId === null ? undefined : await instructions(run.instructionId),
      entries: entries.filter(({ subject }) => subject === null || selves.has(subject)),
      overrides: await listOverrides(db, run.id),
      programChecks: await listProgramChecks(db, run.id),
    })
  }
  return facts.sort((a, b) => beganAt(a.run) - beganAt(b.run) || a.run.sequence - b.run.sequence)
}

const beganAt = ({ startedAt }: StoredRun): number => startedAt ?? Number.MAX_SAFE_INTEGER

function remembering<Value>(ask: (id: string) => Promise<Value>): (id: string) => Promise<Value> {
  const known = new Map<string, Promise<Value>>()
  return (id) => {
    const found = known.get(id) ?? ask(id)
    known.set(id, found)
    return found
  }
}

async function loadTools(db: Db, codes: readonly string[]): Promise<Map<string, KnownTool>> {
  const tools = new Map<string, KnownTool>()
  for (const code of new Set(codes.map((each) => each.toLowerCase()))) {
    const asset = await findAsset(db, code)
    if (asset !== undefined) tools.set(code, { asset, calibrations: await listCalibrationsOf(db, asset.id) })
  }
  return tools
}

async function loadQualifications(db: Db, people: readonly string[]): Promise<Facts['qualifications']> {
  const found: Map<string, Awaited<ReturnType<typeof listQualificationsOf>>> = new Map()
  for (const id of people) found.set(id, await listQualificationsOf(db, id))
  return found
}

/** A version that is gone is unknown, and told as that. */
async function orNone<Value>(asked: Promise<Value>): Promise<Value | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'not-found') return undefined
    throw error
  }
}
