import { join } from 'node:path'
import type { TagDirectory } from '@throughline/equipment'
import { equipmentModule, findAsset, usageProblem } from '@throughline/equipment'
import type { LoadedProgram } from '@throughline/execution'
import { executionModule, findOrder, findOrderByCode, findRun, listRunsOfLots, workAt } from '@throughline/execution'
import type { Historian } from '@throughline/historian'
import { historianModule } from '@throughline/historian'
import { identityModule } from '@throughline/identity'
import type { Id } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import { consume, materialModule } from '@throughline/material'
import type { DomainEventName, DomainEvents, Lot, OperationRun, Order } from '@throughline/model'
import {
  adoptDefinitions,
  adoptMaterialDefinitions,
  applyModel,
  completeRun,
  createOrder,
  getLot,
  listOrderRuns,
  permissions,
  receiveLot,
  registerAsset,
  releaseOrder,
  startRun,
} from '@throughline/model'
import type { Actor, UnitOfWork } from '@throughline/platform'
import { folderBlobStore, Platform, systemActor } from '@throughline/platform'
import {
  findDeviation,
  findInspection,
  listDeviationsAfter,
  listDeviationsOf,
  listInspectionsAfter,
  listInspectionsOf,
  qualityModule,
} from '@throughline/quality'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { actorWith, createTestDatabase, handClock } from '@throughline/testkit'
import { pino } from 'pino'
import type { QualityRecords } from '../as-built/facts.ts'
import { traceabilityModule } from '../module.ts'

/** What the module is told of quality. */
export const qualityRecords: QualityRecords = {
  ...{ inspectionsOf: listInspectionsOf, deviationsOf: listDeviationsOf, findInspection, findDeviation },
  ...{ inspectionsAfter: listInspectionsAfter, deviationsAfter: listDeviationsAfter },
}

const model = `classes:
  - { name: Oven, description: Oven, tags: [{ name: Temperature, dataType: double, unit: Cel }] }
  - { name: Room, description: Room, tags: [{ name: Humidity, dataType: double, unit: '%' }] }
nodes:
  - { path: Works, level: enterprise }
  - { path: Works/North, level: site, timeZone: Europe/Zurich }
  - { path: Works/North/Cure, level: work-center, class: Room }
  - { path: Works/North/Cure/OVEN-1, level: work-unit, class: Oven }
  - { path: Works/South, level: site, timeZone: Europe/Dublin }
`
const plain = { unit: '1', control: 'lot', quarantineOnReceipt: false } as const
const materials = [
  { ...plain, code: 'RESIN', name: 'Resin', kind: 'raw' },
  { ...plain, code: 'BRK', name: 'Bracket', kind: 'product', control: 'serial' },
] as const

export interface StartedTraceability {
  readonly platform: Platform
  readonly database: TestDatabase
  readonly clock: HandClock
  readonly directory: TagDirectory
  /** Open when a folder for its readings was given. */
  readonly historian: Historian
  /** What every machine tells that it has loaded. */
  readonly machine: { program: LoadedProgram | undefined }
  /** May do everything, everywhere. */
  readonly anybody: Actor
  nodeId(path: string): Id<'EquipmentNode'>
  lot(code: string): Promise<Lot>
  lotById(id: Id<'Lot'>): Promise<Lot>
  /** One transaction of somebody else, which everybody who listens has heard of. */
  act(work: (uow: UnitOfWork) => Promise<void>): Promise<void>
  tell<Name extends DomainEventName>(name: Name, body: DomainEvents[Name]): Promise<void>
  /** Puts some of a lot into others. */
  into(lot: Lot, quantity: string, others: readonly Pick<Lot, 'id'>[], runId?: Id<'OperationRun'>): Promise<void>
  /** So many brackets cured in the oven by `by`, of a lot, an hour long. */
  cure(quantity: number, by: Actor, resin?: Lot): Promise<{ order: Order; run: OperationRun }>
  close(): Promise<void>
}

/**
 * The module with all that it stands on, on a database of its own; the clock stands at 2026-11-22 08:00 UTC.
 *
 * @param readingsIn where readings and pictures are kept; without it there are none
 */
export async function startTraceability(readingsIn = '/nonexistent'): Promise<StartedTraceability> {
  const clock = handClock()
  const log = pino({ level: 'silent' })
  const { module: equipment, directory } = equipmentModule()
  const historian = historianModule({ dir: readingsIn, clock, directory, log, commitEveryMs: 5 })
  const orders = { byId: findOrder, byCode: findOrderByCode }
  const runs = { byId: findRun, ofLots: listRunsOfLots }
  const quality = qualityModule({ directory, orders, runs, workAt })
  const machine: StartedTraceability['machine'] = { program: undefined }
  const kept = readingsIn === '/nonexistent' ? {} : { blobs: await folderBlobStore(join(readingsIn, 'pictures')) }
  const modules = [
    ...[identityModule(), equipment, historian.module],
    materialModule({ nodes: directory, assets: { find: findAsset, problem: usageProblem } }),
    ...[executionModule({ directory, ...kept, loadedProgram: async () => machine.program }), quality.module],
    traceabilityModule({ directory, quality: qualityRecords }),
  ]
  const database = await createTestDatabase({ modules })
  const platform = await Platform.start(database.db, modules, clock, log)
  const system = systemActor('test')
  await platform.run(applyModel, system, { format: 'yaml', text: model })
  await directory.load(platform.db)
  if (readingsIn !== '/nonexistent') await historian.open()
  const document = { document: 'release list 1', reason: 'set up' }
  await platform.run(adoptMaterialDefinitions, system, { materials: [...materials], ...document })
  const steps = [{ key: 'read', title: { en: 'Read' }, ask: { type: 'read' } }] as never
  await platform.run(adoptDefinitions, system, {
    instructions: [{ code: 'WI-1', title: { en: 'Cure a bracket' }, steps }],
    workDefinitions: [
      {
        ...{ code: 'R-1', product: 'BRK' },
        operations: [
          {
            ...{ sequence: 10, name: 'Cure', at: { path: 'Works/North/Cure' }, batchSize: 50 },
            parameters: [{ name: 'Temperature', tag: 'Temperature', unit: 'Cel', low: null, target: null, high: 200 }],
          },
        ],
      },
    ],
    ...document,
  })
  const anybody = { ...actorWith(permissions), name: 'ada' }
  const nodeId = (path: string): Id<'EquipmentNode'> => {
    const found = directory.nodeByPath(path)
    if (found === undefined) throw new Error(`no node ${path}`)
    return found.id
  }
  const oven = { nodeId: nodeId('Works/North/Cure/OVEN-1') }
  const tool = { code: 'TW-1', kind: 'tool', type: 'mould', ...oven, needsCalibration: false } as const
  await platform.run(registerAsset, system, { ...tool, intervalDays: null })
  const started: StartedTraceability = {
    ...{ platform, database, clock, directory, historian, anybody, nodeId, machine },
    async lot(code) {
      const lot = await platform.run(receiveLot, anybody, {
        ...{ material: 'RESIN', code, quantity: decimalOf(1000), nodeId: nodeId('Works/North/Cure') },
        ...{ supplier: 'supplier', supplierLot: `S-${code}`, certificate: null },
      })
      await platform.idle()
      return lot
    },
    lotById: (lotId) => platform.run(getLot, anybody, { lotId }),
    async act(work) {
      await platform.act('test', 'test.plant.change', {}, work)
      await platform.idle()
    },
    tell: (name, body) => started.act(async (uow) => uow.emit(name, body)),
    into: (lot, quantity, others, runId) =>
      started.act(async (uow) => {
        const work = { ...oven, orderId: null, runId: runId ?? null, at: uow.at }
        const to = others.map(({ id }) => id)
        await consume(uow, { ...work, lotId: lot.id, quantity: decimalOf(quantity), into: to })
      }),
    async cure(quantity, by, resin) {
      const wanted = { product: 'BRK', quantity: decimalOf(quantity), siteId: nodeId('Works/North') }
      const created = await platform.run(createOrder, anybody, wanted)
      const order = await platform.run(releaseOrder, anybody, { orderId: created.id, version: created.version })
      const [ready] = await platform.run(listOrderRuns, anybody, { orderId: order.id })
      if (ready === undefined) throw new Error('the order has no operation')
      const begun = await platform.run(startRun, by, { runId: ready.id, ...oven, tools: ['TW-1'] })
      if (resin !== undefined) {
        for (const id of begun.subjects) await started.into(resin, '1', [{ id }], begun.id)
      }
      clock.advanceMs(3_600_000)
      const run = await platform.run(completeRun, by, { runId: begun.id, version: begun.version })
      await platform.idle()
      return { order, run }
    },
    async close() {
      await platform.stop()
      if (readingsIn !== '/nonexistent') await historian.close()
      await database.close()
    },
  }
  return started
}
