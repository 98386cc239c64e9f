import type { TagDirectory } from '@throughline/equipment'
import type { Clock, Id, Instant } from '@throughline/kernel'
import type { MachineState, SampleBatch } from '@throughline/model'
import type { BlobStore, Database, Module } from '@throughline/platform'
import type { Logger } from 'pino'
import type { Run } from './run/run.ts'
import type { PackmlFault } from './state/packml-watch.ts'

export interface PerformanceOptions {
  readonly directory: TagDirectory
  /** Where pictures of stops are kept. */
  readonly blobs: BlobStore
  readonly clock: Clock
  readonly log: Logger
  /** Hears what machines did that their own state model does not permit, live. */
  readonly onFault?: (fault: MachineFault) => void
  /** How often what changed is written, ms. */
  readonly lookEveryMs?: number
}

/** What a machine told and its state model does not permit. */
export interface MachineFault extends PackmlFault {
  readonly path: string
}

/** What a machine was doing, since when, in its own words. */
export interface StateThere {
  readonly state: MachineState
  readonly label: string
  readonly since: Instant
}

/** Hears the river of readings: the server tells it each batch once that is durable. */
export interface SampleWatch {
  /** Cheap: takes up what concerns machines, and works on it later. */
  hear(batch: SampleBatch): void
  /** What an agent that is silent feeds is not known any more, until it speaks. */
  setAgentSilent(tagIds: readonly string[], silent: boolean): void
}

/** The face of the module for the composition root. */
export interface Performance {
  readonly module: Module
  readonly watch: SampleWatch
  /** What machines were busy with, runs that overlap `[from, to)`, uncut, by machine and time. */
  runsOf(nodeIds: readonly Id<'EquipmentNode'>[], from: Instant, to: Instant): Promise<readonly Run[]>
  /** What a machine is doing at an instant, asked in somebody's transaction; undefined = it is not followed here. */
  stateAt(db: Database, nodeId: Id<'EquipmentNode'>, at: Instant): Promise<StateThere | undefined>
  /** Begins to follow the machines; belongs after the start of the platform, the load of the directory and the opening of the historian. */
  open(): Promise<void>
  close(): Promise<void>
}
