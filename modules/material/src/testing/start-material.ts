import { equipmentModule, findAsset, usageProblem } from '@throughline/equipment'
import type { Id, Instant } from '@throughline/kernel'
import { decimalOf, plusMs } from '@throughline/kernel'
import type { BillOfMaterial, Lot, MaterialDefinition } from '@throughline/model'
import { adoptMaterialDefinitions, applyModel, listNodes, receiveLot } from '@throughline/model'
import type { Actor, Module, UnitOfWork } from '@throughline/platform'
import { Platform, systemActor } from '@throughline/platform'
import type { HandClock, TestDatabase } from '@throughline/testkit'
import { createTestDatabase, handClock } from '@throughline/testkit'
import pino from 'pino'
import type { MaterialOptions } from '../module.ts'
import { materialModule } from '../module.ts'

/** Two sites, and a freezer beside a bench at one of them. */
const model = `classes: []
nodes:
  - { path: Works, level: enterprise }
  - { path: Works/North, level: site, timeZone: Europe/Zurich }
  - { path: Works/North/Store, level: work-center }
  - { path: Works/North/Bench, level: work-center }
  - { path: Works/South, level: site, timeZone: Europe/Dublin }
`

type Content = Parameters<typeof contentOf>[1]

const contentOf = (
  code: string,
  changes: Partial<Pick<MaterialDefinition, keyof ReturnType<typeof plainContent>>> = {},
) => ({ ...plainContent(code), ...changes })

const plainContent = (code: string) => ({
  code,
  name: `${code} of the test`,
  kind: 'raw' as MaterialDefinition['kind'],
  unit: 'kg',
  control: 'lot' as MaterialDefinition['control'],
  shelfLifeDays: null as number | null,
  outLifeSeconds: null as number | null,
  needsCertificate: false,
  quarantineOnReceipt: false,
  gtin: null as string | null,
})

export interface StartedMaterial {
  readonly platform: Platform
  readonly clock: HandClock
  readonly database: TestDatabase
  readonly module: Module
  /** May do everything, everywhere. */
  readonly system: Actor
  nodeId(path: string): Id<'EquipmentNode'>
  /** Puts materials in force; plain ones are counted in kg, by lot, and available at once. */
  adopt(materials: readonly ReturnType<typeof contentOf>[]): Promise<readonly MaterialDefinition[]>
  content(code: string, changes?: Content): ReturnType<typeof contentOf>
  /** Receives so much of a material at the store. */
  receive(material: string, quantity: string, more?: object): Promise<Lot>
  bom(product: string, lines: readonly object[]): Promise<BillOfMaterial>
  /** One transaction of somebody above, who asks the face. */
  act<Answer>(work: (uow: UnitOfWork) => Promise<Answer>): Promise<Answer>
  /** What a call of the face says besides: at the bench, now, for nobody. */
  work(): { orderId: null; runId: null; nodeId: Id<'EquipmentNode'>; at: Instant }
  /** The instant so many hours from now. */
  inHours(hours: number): Instant
  stop(): Promise<void>
}

/** Equipment and material behind the real door, on a database of their own. */
export async function startMaterial(options: Partial<MaterialOptions> = {}): Promise<StartedMaterial> {
  const clock = handClock()
  const log = pino({ level: 'silent' })
  const system = systemActor('test')
  const { module, directory } = equipmentModule()
  const material = materialModule({ nodes: directory, assets: { find: findAsset, problem: usageProblem }, ...options })
  const modules = [module, material]
  const database = await createTestDatabase({ modules })
  const platform = await Platform.start(database.db, modules, clock, log)
  await platform.run(applyModel, system, { format: 'yaml', text: model })
  await platform.idle()
  await directory.load(database.db)
  const nodes = new Map((await platform.run(listNodes, system, {})).map(({ path, id }) => [path, id]))
  const commissioning = { document: 'BOM-LIST-001 v3', reason: 'commissioning' }
  const started: StartedMaterial = {
    platform,
    clock,
    database,
    module: material,
    system,
    nodeId(path) {
      const found = nodes.get(path.toLowerCase())
      if (found === undefined) throw new Error(`There is no ${path}`)
      return found
    },
    content: contentOf,
    async adopt(materials) {
      return (await platform.run(adoptMaterialDefinitions, system, { materials: [...materials], ...commissioning }))
        .materials
    },
    receive: (material, quantity, more = {}) =>
      platform.run(receiveLot, system, {
        material,
        quantity: decimalOf(quantity),
        nodeId: started.nodeId('works/north/store'),
        supplier: 'Fibre Works',
        supplierLot: 'F-77',
        certificate: null,
        ...more,
      }),
    async bom(product, lines) {
      const input = { boms: [{ product, lines: lines as BillOfMaterial['lines'] }], ...commissioning }
      const [bom] = (await platform.run(adoptMaterialDefinitions, system, input)).boms
      if (bom === undefined) throw new Error(`There is a bill of material of ${product} already`)
      return bom
    },
    async act<Answer>(work: (uow: UnitOfWork) => Promise<Answer>): Promise<Answer> {
      const answers: Answer[] = []
      await platform.act('execution', 'execution.test', {}, async (uow) => {
        answers.push(await work(uow))
      })
      return answers[0] as Answer
    },
    work: () => ({ orderId: null, runId: null, nodeId: started.nodeId('works/north/bench'), at: clock.now() }),
    inHours: (hours) => plusMs(clock.now(), hours * 3_600_000),
    async stop() {
      await platform.stop()
      await database.close()
    },
  }
  return started
}
