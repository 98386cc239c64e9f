import { equipmentModule, findAsset, usageProblem } from '@throughline/equipment'
import type { Id } from '@throughline/kernel'
import { systemClock } from '@throughline/kernel'
import { materialModule } from '@throughline/material'
import {
  adoptMaterialDefinitions,
  applyModel,
  listNodes,
  permissions,
  startRecallDrill,
  traceGenealogy,
} from '@throughline/model'
import { Platform, systemActor } from '@throughline/platform'
import { actorWith, createTestDatabase } from '@throughline/testkit'
import { traceabilityModule } from '@throughline/traceability'
import { sql } from 'kysely'
import { pino } from 'pino'

const steps = 12
/** In each step. Every lot is made of three lots of the step before: 455 lots within twelve steps, both ways. */
const lotsInStep = 27_778
const lotsWithinTwelveSteps = 455
/** Of one raw lot a hundred batches, and of each batch 99 pieces. */
const batches = 100
const pieces = 99
const questions = 60
const drills = 5

const nothingMeasured = {
  inspectionsOf: async () => [],
  deviationsOf: async () => [],
  findInspection: async () => undefined,
  findDeviation: async () => undefined,
  inspectionsAfter: async () => [],
  deviationsAfter: async () => [],
}

type Figures = Readonly<
  Record<'edges' | 'trace12P50Ms' | 'backwardP50Ms' | 'forwardP50Ms' | 'recall10kMs' | 'recallKnown10kMs', number>
>

/**
 * A graph of a million edges between lots, made by the database itself.
 *
 * `backwardP50Ms`, `forwardP50Ms`: median of 60 times `traceability.genealogy.trace` through the door, from another lot each
 * time, twelve steps; `trace12P50Ms` is the larger of the two. `recall10kMs`: median of 5 recall drills through the door of a
 * lot with 10,000 descendants, recorded with its audit entry; `recallKnown10kMs` is what the drill itself says until it
 * knew.
 */
export async function genealogy(): Promise<Figures> {
  const database = await createTestDatabase({ durable: true })
  const log = pino({ level: 'silent' })
  const { module: equipment, directory } = equipmentModule()
  const modules = [
    equipment,
    materialModule({ nodes: directory, assets: { find: findAsset, problem: usageProblem } }),
    traceabilityModule({ directory, quality: nothingMeasured }),
  ]
  const platform = await Platform.start(database.db, modules, systemClock, log)
  try {
    await fill(platform)
    // As the database does by itself some time after so many rows came.
    await sql`vacuum analyze`.execute(database.owner)
    const edges = await count(platform)
    say(`${edges} edges are there`)
    const backwardP50Ms = await trace(platform, 'backward')
    const forwardP50Ms = await trace(platform, 'forward')
    return {
      edges,
      trace12P50Ms: Math.max(backwardP50Ms, forwardP50Ms),
      backwardP50Ms,
      forwardP50Ms,
      ...(await recall(platform)),
    }
  } finally {
    await platform.stop()
    await database.close()
  }
}

const caller = actorWith(permissions)

async function trace(platform: Platform, direction: 'backward' | 'forward'): Promise<number> {
  const from = direction === 'backward' ? steps : 0
  const { rows } = await sql<{ id: string }>`
    select ref as id from traceability.node where label like ${`bench-${from}-%`} order by ref limit ${questions}`.execute(
    platform.db,
  )
  const times: number[] = []
  for (const { id } of rows) {
    const before = performance.now()
    const found = await platform.run(traceGenealogy, caller, { from: { kind: 'lot', id }, direction, maxDepth: steps })
    times.push(performance.now() - before)
    if (found.nodes.length !== lotsWithinTwelveSteps) throw new Error(`${found.nodes.length} lots came back`)
  }
  say(`${direction}: from ${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)} ms`)
  return median(times)
}

async function recall(platform: Platform): Promise<Pick<Figures, 'recall10kMs' | 'recallKnown10kMs'>> {
  const [times, known]: [number[], number[]] = [[], []]
  for (let drill = 0; drill < drills; drill += 1) {
    const before = performance.now()
    const { affected, elapsedMs } = await platform.run(startRecallDrill, caller, {
      from: { lots: ['RECALLED'] },
      reason: 'measured',
    })
    times.push(performance.now() - before)
    known.push(elapsedMs)
    if (affected.length !== 1 + batches * (1 + pieces)) throw new Error(`${affected.length} lots came back`)
  }
  say(`recall: from ${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)} ms`)
  return { recall10kMs: median(times), recallKnown10kMs: median(known) }
}

async function count({ db }: Platform): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from traceability.edge`.execute(db)
  return Number(rows[0]?.count)
}

async function fill(platform: Platform): Promise<void> {
  const { db } = platform
  const cause = sql`'00000000-0000-7000-8000-000000000000'::uuid`
  const edgeColumns = sql`(cause, from_id, to_id, kind, at, until_at, quantity, shared, run_id, material, taken_back)`
  const rest = sql`'built-into', 1, 1, 1, false, null, true, false`
  await sql`
    insert into traceability.node (kind, ref, label, detail, at)
    select 'lot', gen_random_uuid()::text, 'bench-' || step || '-' || number, 'RESIN, consumed', 1
    from generate_series(0, ${steps}::int) as step, generate_series(0, ${lotsInStep - 1}::int) as number
    order by step, number`.execute(db)
  // Numbers of nodes follow each other: the one at a step is one step's worth after the same of the step before.
  await sql`
    insert into traceability.edge ${edgeColumns}
    select ${cause}, first.id + (step - 1) * ${lotsInStep}::int + (number + away) % ${lotsInStep}::int,
      first.id + step * ${lotsInStep}::int + number, ${rest}
    from (select min(id) as id from traceability.node) as first, generate_series(1, ${steps}::int) as step,
      generate_series(0, ${lotsInStep - 1}::int) as number, unnest(array[0, 1, 13]) as away`.execute(db)
  await fillRecalled(platform)
  // Lots that are known only here: their edges are known only here.
  await sql`
    insert into traceability.node (kind, ref, label, detail, at)
    select 'lot', id::text, code, 'RESIN, available', made_at from material.lot`.execute(db)
  await sql`
    insert into traceability.edge ${edgeColumns}
    select ${cause}, source.id, target.id, ${rest} from material.lot_edge as edge
    join traceability.node as source on source.kind = 'lot' and lower(source.ref) = edge.from_lot::text
    join traceability.node as target on target.kind = 'lot' and lower(target.ref) = edge.to_lot::text`.execute(db)
}

/** One raw lot and the ten thousand made of it, in the book of material too. */
async function fillRecalled(platform: Platform): Promise<void> {
  const system = systemActor('bench')
  const text = 'nodes:\n  - { path: works, level: enterprise }\n  - { path: works/s, level: site, timeZone: UTC }\n'
  await platform.run(applyModel, system, { format: 'yaml', text })
  const site = (await platform.run(listNodes, system, {})).find(({ level }) => level === 'site')?.id
  const resin = { code: 'RESIN', name: 'Resin', kind: 'raw', unit: 'kg', control: 'lot' } as const
  const { materials } = await platform.run(adoptMaterialDefinitions, system, {
    ...{ materials: [{ ...resin, quarantineOnReceipt: false }], document: 'list', reason: 'bench' },
  })
  const definition: Id<'MaterialDefinition'> | undefined = materials[0]?.id
  await platform.act('bench', 'bench.genealogy.fill', {}, async (uow) => {
    await sql`
      insert into material.lot (id, code, material, definition_id, control, quantity, unit, status, status_reason,
        certificate_needed, node_id, last_node_id, place, open_deviations, made_at, version)
      select gen_random_uuid(), code, 'RESIN', ${definition}::uuid, 'lot', 1, 'kg', 'available', '', false, ${site}::uuid,
        ${site}::uuid, '', '{}', ${uow.at}::bigint, 1
      from (select 'RECALLED' as code
        union all select 'B-' || batch from generate_series(1, ${batches}::int) as batch
        union all select 'B-' || batch || '-' || piece
          from generate_series(1, ${batches}::int) as batch, generate_series(1, ${pieces}::int) as piece) as lots`.execute(
      uow.trx,
    )
    await sql`
      insert into material.lot_edge (from_lot, to_lot)
      select source.id, target.id from material.lot as target join material.lot as source
        on source.code = case when target.code ~ '^B-[0-9]+$' then 'RECALLED' else substring(target.code from '^B-[0-9]+') end
      where target.code <> 'RECALLED'`.execute(uow.trx)
  })
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Number((sorted[Math.floor(sorted.length / 2)] ?? Number.NaN).toFixed(1))
}

const say = (line: string): void => {
  console.error(line)
}
