import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TagDirectory } from '@throughline/equipment'
import { equipmentModule } from '@throughline/equipment'
import type { Id, Instant } from '@throughline/kernel'
import { DomainError, newId, plusMs, systemClock } from '@throughline/kernel'
import type { DomainEvents, MachineState, Permission, Reason, StateRule } from '@throughline/model'
import { applyModel, listNodes, setReason } from '@throughline/model'
import type { Actor, BlobStore, Database, Module } from '@throughline/platform'
import { folderBlobStore, Platform, systemActor } from '@throughline/platform'
import type { HandClock } from '@throughline/testkit'
import { actorWith, createTestDatabase, handClock } from '@throughline/testkit'
import { pino } from 'pino'
import { registerAndon } from '../../andon/operations.ts'
import { registerCountEntry } from '../../count-entry/operations.ts'
import { performanceModule } from '../../module.ts'
import { registerPhoto } from '../../photo/operations.ts'
import { registerReason } from '../../reason/operations.ts'
import { pathTo } from '../../reason/place.ts'
import { MachineRegistry } from '../../state-rule/registry.ts'
import { insertRule } from '../../state-rule/store.ts'
import type { FollowedStop, StateChange } from '../follow.ts'
import { followStops } from '../follow.ts'
import { registerStop } from '../operations.ts'

type NodeId = Id<'EquipmentNode'>

const model = `classes:
  - { name: Filler, description: Fills vials, tags: [] }
  - { name: Packer, description: Packs vials, tags: [] }
  - { name: Mill, description: Cuts metal, tags: [] }
connections: []
nodes:
  - { path: acme, level: enterprise }
  - { path: acme/north, level: site, timeZone: Europe/Dublin }
  - { path: acme/north/fill, level: area }
  - { path: acme/north/fill/FIL-01, level: work-unit, class: Filler }
  - { path: acme/north/fill/FIL-02, level: work-unit, class: Filler }
  - { path: acme/north/pack, level: area }
  - { path: acme/north/pack/PAK-01, level: work-unit, class: Packer }
  - { path: acme/south, level: site, timeZone: Europe/Berlin }
  - { path: acme/south/mill, level: area }
  - { path: acme/south/mill/CNC-01, level: work-unit, class: Mill }
`

/** Stops, counts and calls behind the real door on a database of their own; states are told by the test. */
export interface StartedStops {
  readonly platform: Platform
  readonly clock: HandClock
  readonly db: Database
  readonly blobs: BlobStore
  readonly blobDir: string
  readonly system: Actor
  /** Somebody with these permissions at a node and below; for the whole plant without one. */
  person(name: string, permissions: readonly Permission[], at?: NodeId): Actor
  node(path: string): NodeId
  /** An instant of the day of the test, which begins at 08:00: `at(65)` = 09:05. */
  at(minutes: number): Instant
  /** Tells states in minutes and lets the stops follow. */
  states(nodeId: NodeId, states: readonly State[], more?: Partial<StateChange>): Promise<readonly FollowedStop[]>
  reason(code: string, more?: Partial<Reason>): Promise<Reason>
  /** What was told since this was asked last. */
  pastChanges(): Promise<DomainEvents['performance.past-changed'][]>
  stop(): Promise<void>
}

export type State = readonly [state: MachineState, from: number, to: number | null, label?: string]

export async function startStops(): Promise<StartedStops> {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-stops-'))
  const blobDir = join(folder, 'blobs')
  const blobs = await folderBlobStore(blobDir)
  const clock = handClock()
  const { module, directory } = equipmentModule()
  const machines = new MachineRegistry(directory)
  const told: DomainEvents['performance.past-changed'][] = []
  const modules = [module, peoplesPart(directory, machines, blobs, told)]
  const database = await createTestDatabase({ modules })
  const platform = await Platform.start(database.db, modules, clock, pino({ level: 'silent' }))
  const system = systemActor('test')
  await platform.run(applyModel, system, { format: 'yaml', text: model })
  await directory.load(database.db)
  await platform.act('test', 'performance.state-rule.set', {}, async (uow) => {
    for (const className of ['Filler', 'Packer', 'Mill']) await insertRule(uow, manualRule(className, uow.at))
  })
  await machines.load(platform)
  const ids = new Map((await platform.run(listNodes, system, {})).map((node) => [node.path, node.id]))
  const node = (path: string): NodeId => {
    const id = ids.get(`acme/${path}`.toLowerCase())
    if (id === undefined) throw new DomainError('not-found', 'test.node-unknown', `No node ${path}`)
    return id
  }
  const start = clock.now()
  const at = (minutes: number): Instant => plusMs(start, minutes * 60_000)
  return {
    platform,
    clock,
    db: database.db,
    blobs,
    blobDir,
    system,
    node,
    at,
    person: (name, permissions, nodeId) => ({ ...actorWith(permissions, nodeId ?? null), name }),
    async states(nodeId, states, more = {}) {
      const intervals = states.map(([state, from, to, label = state]) => {
        return { state, label, from: at(from), to: to === null ? null : at(to) }
      })
      let followed: readonly FollowedStop[] = []
      await platform.act('performance', 'performance.state.derive', { nodeId }, async (uow) => {
        followed = await followStops(uow, {
          nodeId,
          nodePath: pathTo(directory, nodeId),
          from: intervals[0]?.from ?? start,
          intervals,
          rule: { minorStopSeconds: 120 },
          codes: [],
          runs: [],
          ...more,
        })
      })
      return followed
    },
    reason: (code, more = {}) =>
      platform.run(setReason, system, {
        kind: 'stop',
        nodeId: node('north/fill'),
        parentId: null,
        code,
        texts: { en: code, de: `${code} (de)` },
        category: more.kind === 'scrap' ? null : 'down',
        insidePlannedTime: true,
        machineCodes: [],
        ...more,
      }),
    async pastChanges() {
      await platform.idle()
      return told.splice(0)
    },
    async stop() {
      await platform.stop()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const manualRule = (className: string, at: Instant): StateRule => ({
  id: newId<'StateRule'>(at),
  className,
  version: 1,
  effectiveFrom: 0 as Instant,
  signal: { kind: 'manual' },
  reasonTag: null,
  orderTag: null,
  productTag: null,
  total: null,
  good: null,
  scrap: null,
  rework: null,
  idealCycleSeconds: null,
  minorStopSeconds: 120,
  silenceSeconds: 60,
  reason: 'people tell',
  recordedBy: 'test',
})

/** The part of the module in which people have their say, without the one that derives states. */
function peoplesPart(
  directory: TagDirectory,
  machines: MachineRegistry,
  blobs: BlobStore,
  told: DomainEvents['performance.past-changed'][],
): Module {
  const { module } = performanceModule({ directory, blobs, clock: systemClock, log: pino({ level: 'silent' }) })
  return {
    ...module,
    register(platform) {
      registerStop(platform, directory)
      registerReason(platform, directory, machines)
      registerCountEntry(platform, directory, machines)
      registerAndon(platform, directory)
      registerPhoto(platform, directory, blobs)
      platform.on('performance.past-changed', 'test.past-changes', async (_, event) => void told.push(event))
    },
  }
}
