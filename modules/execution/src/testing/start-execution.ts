import type { TagDirectory } from '@throughline/equipment'
import { equipmentModule, findAsset, usageProblem } from '@throughline/equipment'
import { historianModule } from '@throughline/historian'
import { identityModule } from '@throughline/identity'
import type { Id } from '@throughline/kernel'
import { decimalOf } from '@throughline/kernel'
import { materialModule } from '@throughline/material'
import type { Lot, OperationRun, Order, Person, Role, RoutingOperation } from '@throughline/model'
import {
  activatePerson,
  adoptDefinitions,
  adoptMaterialDefinitions,
  applyModel,
  approvePerson,
  createOrder,
  draftWorkDefinition,
  getLot,
  getOrder,
  invitePerson,
  listOrderRuns,
  openSession,
  permissions,
  receiveLot,
  releaseOrder,
  setLotStatus,
} from '@throughline/model'
import type { Actor, SessionEffects } from '@throughline/platform'
import { findHead, listWatchedTables, nobody, Platform, reconcile, systemActor } from '@throughline/platform'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { actorWith, createTestDatabase, handClock } from '@throughline/testkit'
import pino from 'pino'
import type { z } from 'zod'
import type { ExecutionOptions } from '../execution.ts'
import { executionModule } from '../module.ts'

type NodeId = Id<'EquipmentNode'>

/** Two sites; at the first one two tables, an oven and a bench. */
const model = `classes:
  - { name: LayupTable, description: Table, tags: [] }
  - { name: Oven, description: Oven, tags: [] }
nodes:
  - { path: Aurora, level: enterprise }
  - { path: Aurora/AERO, level: site, timeZone: Europe/Berlin }
  - { path: Aurora/AERO/Layup, level: work-center }
  - { path: Aurora/AERO/Layup/T-01, level: work-unit, class: LayupTable }
  - { path: Aurora/AERO/Layup/T-02, level: work-unit, class: LayupTable }
  - { path: Aurora/AERO/Cure, level: work-center }
  - { path: Aurora/AERO/Cure/OVEN-1, level: work-unit, class: Oven }
  - { path: Aurora/AERO/Bench, level: work-center }
  - { path: Aurora/BIO, level: site, timeZone: Europe/Dublin }
  - { path: Aurora/BIO/Layup, level: work-center }
  - { path: Aurora/BIO/Layup/T-09, level: work-unit, class: LayupTable }
`

export const password = 'correct horse battery'

/** The material of these tests: a bracket with serial numbers of prepreg, a resin by the kilogram. */
const materials = [
  { code: 'BRK', name: 'Bracket', kind: 'product', unit: '1', control: 'serial', quarantineOnReceipt: false },
  {
    code: 'MIX',
    name: 'Mixture',
    kind: 'product',
    unit: 'kg',
    control: 'lot',
    quarantineOnReceipt: false,
    shelfLifeDays: 30,
  },
  { code: 'PREPREG', name: 'Prepreg', kind: 'raw', unit: 'm', control: 'lot', quarantineOnReceipt: false },
  {
    code: 'PREPREG-B',
    name: 'Prepreg, other make',
    kind: 'raw',
    unit: 'm',
    control: 'lot',
    quarantineOnReceipt: false,
  },
  { code: 'RIVET', name: 'Rivet', kind: 'raw', unit: '1', control: 'lot', quarantineOnReceipt: false },
] as const

const boms = [
  {
    product: 'BRK',
    lines: [{ position: 10, material: 'PREPREG', quantity: '1.5', unit: 'm', alternates: ['PREPREG-B'] }],
  },
]

export type Operation = z.input<typeof RoutingOperation>

/** Lay up, cure six at a time, trim; what is not right at the trim goes back to lay-up. */
export const bracketRoute: readonly Operation[] = [
  { sequence: 10, name: 'Lay up', at: { equipmentClass: 'LayupTable' }, bomPositions: [10] },
  { sequence: 20, name: 'Cure', at: { path: 'Aurora/AERO/Cure' }, batchSize: 2 },
  { sequence: 30, name: 'Trim', at: { path: 'Aurora/AERO/Bench' }, reworkTo: 10 },
]

export interface StartedExecution {
  readonly platform: Platform
  readonly database: TestDatabase
  readonly clock: HandClock
  readonly directory: TagDirectory
  /** May do everything, everywhere. */
  readonly anybody: Actor
  node(path: string): NodeId
  /** Signed in, with a password of their own. */
  someone(name: string, role: Role): Promise<{ person: Person; actor: Actor }>
  /** Puts a way to make a product in force, instead of the one before. */
  route(code: string, product: string, operations: readonly Operation[], more?: object): Promise<void>
  /** As the first and the last signature of a policy do. */
  sign(kind: string, id: string, isLast: boolean): Promise<void>
  order(product: string, quantity: number | string, more?: object): Promise<Order>
  released(product: string, quantity: number | string, more?: object): Promise<Order>
  again(order: Pick<Order, 'id'>): Promise<Order>
  runsOf(order: Pick<Order, 'id'>): Promise<OperationRun[]>
  /** A lot of raw material at the first site. */
  receive(material: string, code: string, quantity: string): Promise<Lot>
  /** What differs between the records and what the ledger tells of them. */
  differences(): Promise<unknown[]>
  setStatus(lot: Pick<Lot, 'id'>, status: 'quarantine' | 'available' | 'blocked' | 'rejected'): Promise<void>
  close(): Promise<void>
}

/** The module with all that it stands on, on a database of its own; the clock stands at 2026-11-22 08:00 UTC. */
export async function startExecution(options: Partial<ExecutionOptions> = {}): Promise<StartedExecution> {
  const clock = handClock()
  const log = pino({ level: 'silent' })
  const { module: equipment, directory } = equipmentModule()
  const historian = historianModule({ dir: '/nonexistent', clock, directory, log })
  const modules = [
    identityModule(),
    equipment,
    materialModule({ nodes: directory, assets: { find: findAsset, problem: usageProblem } }),
    historian.module,
    executionModule({ directory, ...options }),
  ]
  const database = await createTestDatabase({ modules })
  const platform = await Platform.start(database.db, modules, clock, log)
  const system = systemActor('test')
  await platform.run(applyModel, system, { format: 'yaml', text: model })
  await directory.load(platform.db)
  const document = 'release list 1'
  await platform.run(adoptMaterialDefinitions, system, { materials: [...materials], boms, document, reason: 'set up' })
  const anybody = { ...actorWith(permissions), name: 'ada' }
  const node = (path: string): NodeId => {
    const found = directory.nodeByPath(path)
    if (found === undefined) throw new Error(`no node ${path}`)
    return found.id
  }
  const site = node('Aurora/AERO')

  const started: StartedExecution = {
    platform,
    database,
    clock,
    directory,
    anybody,
    node,
    async someone(name, role) {
      const grants = [{ role, nodeId: null }]
      const wanted = { name, printedName: name, grants, identityChecked: 'badge office, passport seen' }
      const { person, activation } = await platform.run(invitePerson, actorWith(['identity.person.write']), wanted)
      const approver = actorWith(['identity.person.approve'])
      const link = activation ?? (await platform.run(approvePerson, approver, { personId: person.id })).activation
      const token = link.path.split('#')[1] ?? ''
      await platform.run(activatePerson, nobody('192.0.2.1'), { token, password })
      let held = ''
      const session: SessionEffects = {
        start(given) {
          held = given
        },
        end() {},
      }
      await platform.run(openSession, nobody('192.0.2.1'), { name, password }, { session })
      return { person, actor: await platform.authenticate({ session: held }, '192.0.2.1') }
    },
    async route(code, product, operations, more = {}) {
      const content = { code, product, operations: [...operations], ...more }
      const answer = await platform.run(adoptDefinitions, system, {
        workDefinitions: [content],
        document,
        reason: 'set up',
      })
      if (answer.known.length === 0) return
      const draft = await platform.run(draftWorkDefinition, system, { ...content, changeReason: 'next' })
      await started.sign('execution.work_definition', draft.id, true)
    },
    async sign(kind, id, isLast) {
      const head = await findHead(platform.db, { kind, id })
      if (head === undefined) throw new Error(`no record ${kind} ${id}`)
      await platform.act('test', 'identity.signature.sign', {}, async (uow) => {
        const record = { kind, id }
        const by = { signatureId: id as Id<'Signature'>, personId: id as Id<'Person'> }
        uow.emit('identity.record-signed', { record, version: head.version, meaning: 'reviewed', ...by })
        if (isLast) uow.emit('identity.record-signatures-complete', { record, ...head })
      })
      await platform.idle()
    },
    order: (product, quantity, more = {}) =>
      platform.run(createOrder, anybody, { product, quantity: decimalOf(quantity), siteId: site, ...more }),
    async released(product, quantity, more = {}) {
      const { id: orderId, version } = await started.order(product, quantity)
      return platform.run(releaseOrder, anybody, { orderId, version, ...more })
    },
    again: ({ id: orderId }) => platform.run(getOrder, anybody, { orderId }),
    runsOf: ({ id: orderId }) => platform.run(listOrderRuns, anybody, { orderId }),
    receive: (material, code, quantity) =>
      platform.run(receiveLot, anybody, {
        material,
        code,
        quantity,
        nodeId: site,
        supplier: 'Supplier',
        supplierLot: `S-${code}`,
        certificate: { number: 'C-1' },
      }),
    async setStatus({ id: lotId }, status) {
      const { version } = await platform.run(getLot, anybody, { lotId })
      await platform.run(setLotStatus, anybody, { lotId, version, status, reason: 'a test wants it' })
      await platform.idle()
    },
    async differences() {
      await platform.idle()
      return reconcile(database.owner, await listWatchedTables(database.owner, modules))
    },
    async close() {
      await platform.stop()
      await database.close()
    },
  }
  return started
}
