import { equipmentModule, findAsset, usageProblem } from '@throughline/equipment'
import { identityModule } from '@throughline/identity'
import type { Id } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import { materialModule } from '@throughline/material'
import type { Deviation, DomainEventName, DomainEvents, Lot } from '@throughline/model'
import {
  activatePerson,
  adoptMaterialDefinitions,
  applyModel,
  approvePerson,
  getLot,
  invitePerson,
  listDeviations,
  openSession,
  permissions,
  receiveLot,
} from '@throughline/model'
import type { Actor, SessionEffects } from '@throughline/platform'
import { findHead, nobody, Platform, systemActor } from '@throughline/platform'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { actorWith, createTestDatabase, handClock } from '@throughline/testkit'
import { pino } from 'pino'
import type { Quality } from '../module.ts'
import { qualityModule } from '../module.ts'
import type { GaugeUse, NamedRun, Work } from '../quality.ts'

const model = `classes:
  - { name: Oven, description: Oven, tags: [{ name: Temperature, dataType: double, unit: Cel }] }
nodes:
  - { path: Works, level: enterprise }
  - { path: Works/North, level: site, timeZone: Europe/Zurich }
  - { path: Works/North/Cure, level: work-center }
  - { path: Works/North/Cure/OVEN-1, level: work-unit, class: Oven }
  - { path: Works/South, level: site, timeZone: Europe/Dublin }
`
const password = 'correct horse battery'
const origin = '192.0.2.1'

export interface StartedQuality {
  readonly platform: Platform
  readonly database: TestDatabase
  readonly clock: HandClock
  /** May do everything, everywhere. */
  readonly anybody: Actor
  /** Of quality, signed in, with a password of their own. */
  readonly quality: Actor
  readonly order: { readonly id: Id<'Order'>; readonly code: string }
  /** Operations that inspections may name: filled by the test. */
  readonly runs: NamedRun[]
  /** What gauges were used for: filled by the test. */
  readonly uses: (GaugeUse & { gauge: string })[]
  readonly hearDocument: Quality['hearDocument']
  /** What the oven is busy with from now on; undefined = nothing. */
  setWork(work: Work | undefined): void
  nodeId(path: string): Id<'EquipmentNode'>
  lot(code: string): Promise<Lot>
  lotNow(lot: Pick<Lot, 'id'>): Promise<Lot>
  /** Somebody told it, and everybody who listens has heard it. */
  tell<Name extends DomainEventName>(name: Name, body: DomainEvents[Name]): Promise<void>
  open(): Promise<Deviation[]>
  /** What quality signs a deviation with, as it is on the screen. */
  signature(deviation: Pick<Deviation, 'id'>): Promise<object>
  close(): Promise<void>
}

export async function startQuality(): Promise<StartedQuality> {
  const clock = handClock()
  const log = pino({ level: 'silent' })
  const { module: equipment, directory } = equipmentModule()
  const order = { id: newId<'Order'>(), code: 'WO-1' }
  let work: Work | undefined
  const runs: NamedRun[] = []
  const uses: (GaugeUse & { gauge: string })[] = []
  const quality = qualityModule({
    directory,
    orders: {
      byId: async (_db, id) => (id === order.id ? order : undefined),
      byCode: async (_db, code) => (code === order.code ? order : undefined),
    },
    runs: { byId: async (_db, id) => runs.find((each) => each.id === id), ofLots: async () => runs },
    workAt: async () => work,
    usesOf: async (_db, gauge) => uses.filter((each) => each.gauge === gauge),
  })
  const material = materialModule({ nodes: directory, assets: { find: findAsset, problem: usageProblem } })
  const modules = [identityModule(), equipment, material, quality.module]
  const database = await createTestDatabase({ modules })
  const platform = await Platform.start(database.db, modules, clock, log)
  const system = systemActor('test')
  await platform.run(applyModel, system, { format: 'yaml', text: model })
  await directory.load(platform.db)
  const bracket = { code: 'BRK', name: 'Bracket', kind: 'raw', unit: '1', control: 'lot', quarantineOnReceipt: false }
  const adopted = { materials: [bracket as never], document: 'release list 1', reason: 'set up' }
  await platform.run(adoptMaterialDefinitions, system, adopted)
  const anybody = { ...actorWith(permissions), name: 'ada' }
  const nodeId = (path: string): Id<'EquipmentNode'> => {
    const found = directory.nodeByPath(path)
    if (found === undefined) throw new Error(`no node ${path}`)
    return found.id
  }
  return {
    ...{ platform, database, clock, anybody, order, runs, uses, nodeId },
    quality: await signedIn(platform),
    hearDocument: quality.hearDocument,
    setWork(now) {
      work = now
    },
    lot: (code) =>
      platform.run(receiveLot, anybody, {
        ...{ material: 'BRK', code, quantity: '5', nodeId: nodeId('Works/North/Cure'), certificate: null },
        ...{ supplier: 'supplier', supplierLot: `S-${code}` },
      }),
    lotNow: ({ id: lotId }) => platform.run(getLot, anybody, { lotId }),
    async tell(name, body) {
      await platform.act('test', `test.${name.replace('.', '-')}.tell`, {}, async (uow) => uow.emit(name, body))
      await platform.idle()
    },
    open: async () => (await platform.run(listDeviations, anybody, { state: 'open' })).deviations,
    async signature({ id }) {
      const head = await findHead(platform.db, { kind: 'quality.deviation', id })
      if (head === undefined) throw new Error(`no deviation ${id}`)
      return {
        ...{ meaning: 'approved', reason: 'investigated', shown: { version: head.version, hash: head.hash } },
        proof: { method: 'password', name: 'q.reviewer', password },
      }
    },
    async close() {
      await platform.stop()
      await database.close()
    },
  }
}

async function signedIn(platform: Platform): Promise<Actor> {
  const name = 'q.reviewer'
  const invited = await platform.run(invitePerson, actorWith(['identity.person.write']), {
    ...{ name, printedName: name, identityChecked: 'badge office, passport seen' },
    grants: [{ role: 'quality', nodeId: null }],
  })
  const approver = actorWith(['identity.person.approve'])
  const personId = invited.person.id
  const link = invited.activation ?? (await platform.run(approvePerson, approver, { personId })).activation
  await platform.run(activatePerson, nobody(origin), { token: link.path.split('#')[1] ?? '', password })
  let held = ''
  const session: SessionEffects = {
    start(token) {
      held = token
    },
    end() {},
  }
  await platform.run(openSession, nobody(origin), { name, password }, { session })
  return platform.authenticate({ session: held }, origin)
}
