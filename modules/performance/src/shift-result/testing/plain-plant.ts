import type { Id, Instant } from '@throughline/kernel'
import { newId, parseInstant } from '@throughline/kernel'
import type { EquipmentNode, MachineState, StateRule } from '@throughline/model'
import type { Database, Module } from '@throughline/platform'
import { Platform, readMigrations } from '@throughline/platform'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { createTestDatabase, handClock } from '@throughline/testkit'
import type { RawBuilder } from 'kysely'
import { sql } from 'kysely'
import pino from 'pino'
import { insertCalendar } from '../../calendar/store.ts'
import { registerKpi } from '../../kpi/operations.ts'
import { registerLoss } from '../../loss/operations.ts'
import type { NodeFinder } from '../../reason/place.ts'
import { pathTo } from '../../reason/place.ts'
import { registerReport } from '../../report/operations.ts'
import type { Machine, Machines } from '../../state-rule/machines.ts'
import { registerShiftResult } from '../operations.ts'
import type { ShiftResultRecorder } from '../recorder.ts'

type NodeId = Id<'EquipmentNode'>

export const dayUs = 86_400e6

/** `2026-11-22T08:00:00Z` and the like. */
export function at(iso: string): Instant {
  const instant = parseInstant(iso)
  if (instant === undefined) throw new Error(`"${iso}" is no time`)
  return instant
}

/** Two lines on one site, two machines that count on the first and one that does not on the second. */
export class PlainPlant implements NodeFinder, Machines {
  readonly site = newId<'EquipmentNode'>()
  readonly lineA = newId<'EquipmentNode'>()
  readonly lineB = newId<'EquipmentNode'>()
  readonly #nodes = new Map<string, EquipmentNode>()
  readonly #machines: Machine[] = []
  readonly fast: NodeId
  readonly slow: NodeId
  readonly mute: NodeId

  constructor() {
    this.#add(this.site, null, 'site', 'works')
    this.#add(this.lineA, this.site, 'work-center', 'line-a')
    this.#add(this.lineB, this.site, 'work-center', 'line-b')
    this.fast = this.addMachine('fast', this.lineA, 30)
    this.slow = this.addMachine('slow', this.lineA, 60)
    this.mute = this.addMachine('mute', this.lineB, null)
  }

  /** With an ideal cycle in seconds, or without any counter. */
  addMachine(name: string, parent: NodeId, idealCycleSeconds: number | null): NodeId {
    const nodeId = newId<'EquipmentNode'>()
    this.#add(nodeId, parent, 'work-unit', name)
    const nodePath = pathTo(this, nodeId)
    const rules = [ruleOf(idealCycleSeconds)]
    this.#machines.push({ nodeId, name, path: `works/${name}`, className: 'press', rules, nodePath })
    return nodeId
  }

  #add(id: NodeId, parentId: NodeId | null, level: EquipmentNode['level'], name: string): void {
    this.#nodes.set(id, { id, parentId, level, name, description: '', path: name, classId: null, timeZone: null })
  }

  node(id: NodeId): EquipmentNode | undefined {
    return this.#nodes.get(id)
  }

  list(): readonly Machine[] {
    return this.#machines
  }

  find(nodeId: string): Machine | undefined {
    return this.#machines.find((machine) => machine.nodeId === nodeId)
  }

  atOrBelow(nodeId: string): readonly Machine[] {
    return this.#machines.filter((machine) => machine.nodePath.includes(nodeId as NodeId))
  }

  get(nodeId: string): Machine {
    const machine = this.find(nodeId)
    if (machine === undefined) throw new Error(`no machine ${nodeId}`)
    return machine
  }
}

const ruleOf = (idealCycleSeconds: number | null): StateRule => {
  const counter = (tag: string) => (idealCycleSeconds === null ? null : { tag, modulus: null })
  return {
    ...{ id: newId<'StateRule'>(), className: 'press', version: 1, effectiveFrom: 0 as Instant },
    ...{ signal: { kind: 'manual' }, reasonTag: null, orderTag: null, productTag: null },
    ...{ total: counter('total'), good: counter('good'), scrap: null, rework: null },
    ...{ idealCycleSeconds, minorStopSeconds: 60, silenceSeconds: 300, reason: 'as built', recordedBy: 'ada' },
  }
}

export interface StartedPlant {
  readonly plant: PlainPlant
  readonly platform: Platform
  readonly clock: HandClock
  readonly recorder: ShiftResultRecorder
  stop(): Promise<void>
}

/**
 * The figures on a database of their own, with what they are worked out of put into its tables by hand; the clock stands at
 * 2026-11-22 08:00 UTC, and without a calendar each UTC day is a shift.
 */
export async function startPlainPlant(): Promise<StartedPlant> {
  const plant = new PlainPlant()
  const clock = handClock()
  let recorder: ShiftResultRecorder | undefined
  const derived = 'worked out anew from what it comes of'
  const module: Module = {
    name: 'performance',
    migrations: readMigrations(new URL('../../migrations/', import.meta.url)),
    records: {
      except: Object.fromEntries(
        [
          'signal_interval',
          'run',
          'count_step',
          'count_gap',
          'counter_note',
          'reason_code',
          'progress',
          'shift_result_due',
        ].map((table) => [table, derived]),
      ),
    },
    register(platform) {
      platform.locateWith({ pathTo: async (nodeId) => pathTo(plant, nodeId) })
      registerKpi(platform, plant, plant)
      registerLoss(platform, plant, plant)
      registerReport(platform, plant, plant)
      recorder = registerShiftResult(platform, plant)
    },
  }
  const database: TestDatabase = await createTestDatabase({ modules: [module] })
  const platform = await Platform.start(database.db, [module], clock, pino({ level: 'silent' }))
  if (recorder === undefined) throw new Error('the module was not registered')
  return {
    plant,
    platform,
    clock,
    recorder,
    async stop() {
      await platform.stop()
      await database.close()
    },
  }
}

/** What a machine did from an instant on, each state until the next. */
export async function putStates(
  db: Database,
  nodeId: NodeId,
  told: readonly (readonly [from: Instant, state: MachineState])[],
): Promise<void> {
  const rows = told.map(([from, state], index) => ({ nodeId, from, to: told[index + 1]?.[0] ?? null, state }))
  await sql`
    insert into performance.signal_interval (node_id, from_at, to_at, state, label)
    select "nodeId", "from", "to", state, state from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as row ("nodeId" uuid, "from" bigint, "to" bigint, state text)`.execute(db)
}

export async function putSteps(
  db: Database,
  nodeId: NodeId,
  told: readonly (readonly [at: number, total: number, good: number])[],
): Promise<void> {
  const rows = told.map(([when, total, good]) => ({ nodeId, at: when, total, good }))
  await sql`
    insert into performance.count_step (node_id, at, total, good)
    select "nodeId", at, total, good from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as row ("nodeId" uuid, at bigint, total double precision, good double precision)`.execute(db)
}

/** Records change through the door alone. */
async function record(platform: Platform, statement: RawBuilder<unknown>): Promise<void> {
  await platform.act('test', 'test.record', {}, async (uow) => {
    await statement.execute(uow.trx)
  })
}

export interface PutStop {
  readonly nodeId: NodeId
  readonly from: Instant
  readonly to: Instant
  readonly state: MachineState
  readonly reasonId: Id<'Reason'> | null
}

export async function putStops(platform: Platform, stops: readonly PutStop[]): Promise<void> {
  const rows = stops.map((stop) => ({ ...stop, id: newId<'Stop'>(stop.from) }))
  await record(
    platform,
    sql`
    insert into performance.stop (id, node_id, from_at, to_at, state, label, minor_below_us, reason_id, reason_by, version,
      cut_from, joined, came_from)
    select id, "nodeId", "from", "to", state, state, 60000000, "reasonId",
      case when "reasonId" is null then null else 'person' end, 1, false, false, '{}'
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as row (id uuid, "nodeId" uuid, "from" bigint, "to" bigint, state text, "reasonId" uuid)`,
  )
}

export async function putRun(
  db: Database,
  nodeId: NodeId,
  from: Instant,
  to: Instant | null,
  order: string,
  product: string,
): Promise<void> {
  await sql`insert into performance.run (node_id, from_at, to_at, order_name, product)
    values (${nodeId}, ${from}, ${to}, ${order}, ${product})`.execute(db)
}

export async function putReason(
  platform: Platform,
  nodeId: NodeId,
  kind: 'stop' | 'scrap',
  text: string,
  category: string | null = null,
): Promise<Id<'Reason'>> {
  const id = newId<'Reason'>()
  await record(
    platform,
    sql`insert into performance.reason (id, kind, node_id, code, texts, category, inside_planned_time, machine_codes)
    values (${id}, ${kind}, ${nodeId}, ${text}, ${JSON.stringify({ en: text })}, ${category}, false, '{}')`,
  )
  return id
}

export async function putScrap(
  platform: Platform,
  nodeId: NodeId,
  madeAt: Instant,
  quantity: number,
  reasonId: Id<'Reason'> | null,
): Promise<void> {
  await record(
    platform,
    sql`insert into performance.count_entry (id, node_id, kind, quantity, reason_id, made_at, comment, recorded_at,
      recorded_by)
    values (${newId()}, ${nodeId}, 'scrap', ${quantity}, ${reasonId}, ${madeAt}, '', ${madeAt}, 'ada')`,
  )
}

/** Shifts of every day, from and to hours of UTC. */
export async function putCalendar(
  platform: Platform,
  nodeId: NodeId,
  shifts: readonly (readonly [name: string, start: string, end: string])[],
): Promise<void> {
  const days = [1, 2, 3, 4, 5, 6, 7]
  await platform.act('test', 'test.record', {}, async (uow) => {
    await insertCalendar(uow, {
      ...{ id: newId<'WorkCalendar'>(), nodeId, version: 1, validFrom: '2026-01-01', timeZone: 'UTC' },
      shifts: shifts.map(([name, start, end]) => ({ name, start, end, days, breaks: [] })),
      ...{ exceptions: [], reason: 'as agreed', recordedBy: 'ada' },
    })
  })
}
