import type { TagDirectory } from '@throughline/equipment'
import { findAsset, usageProblem } from '@throughline/equipment'
import type { ExecutionOptions, LoadedProgram, TagReading } from '@throughline/execution'
import {
  executionModule,
  findOrder,
  findOrderByCode,
  findRun,
  listGaugeUses,
  listRunsOfLots,
  workAt,
} from '@throughline/execution'
import type { Id } from '@throughline/kernel'
import { materialModule } from '@throughline/material'
import { qualityOf } from '@throughline/model'
import type { Performance } from '@throughline/performance'
import type { BlobStore, Module } from '@throughline/platform'
import {
  findDeviation,
  findInspection,
  listDeviationsAfter,
  listDeviationsOf,
  listInspectionsAfter,
  listInspectionsOf,
  qualityModule,
} from '@throughline/quality'
import { traceabilityModule } from '@throughline/traceability'
import type { Documents } from './ingest/documents/documents.ts'
import type { TagTable } from './live/tag-table.ts'

interface Surroundings extends Pick<Performance, 'stateAt'> {
  readonly documents: Documents
  readonly blobs: BlobStore
  readonly table: TagTable
}

/** The modules of making things, and what each is told of the others. */
export function makingModules(directory: TagDirectory, { documents, blobs, table, stateAt }: Surroundings): Module[] {
  const assets = { find: findAsset, problem: usageProblem }
  const orders = { byId: findOrder, byCode: findOrderByCode }
  const runs = { byId: findRun, ofLots: listRunsOfLots }
  const quality = qualityModule({ directory, orders, runs, workAt, usesOf: listGaugeUses })
  documents.on('quality', quality.hearDocument)
  return [
    materialModule({ nodes: directory, assets }),
    executionModule({
      ...{ directory, blobs, machineState: conditionBy(stateAt) },
      readTag: async (tagId) => readingOf(table, tagId),
      loadedProgram: async (nodeId) => programOf(directory, table, nodeId),
    }),
    quality.module,
    traceabilityModule({
      directory,
      quality: {
        ...{ inspectionsOf: listInspectionsOf, deviationsOf: listDeviationsOf },
        ...{ findInspection, findDeviation },
        ...{ inspectionsAfter: listInspectionsAfter, deviationsAfter: listDeviationsAfter },
      },
    }),
  ]
}

/** What a signal says now, and whether a step of work may rely on it. */
function readingOf(table: TagTable, tagId: string): TagReading | undefined {
  const reading = table.get(tagId)
  if (reading === undefined) return undefined
  const { at, value, status } = reading
  if (value === null) return { value: '', at, problem: 'it tells no value' }
  const quality = qualityOf(status)
  const problem = quality === 'good' ? null : `its quality is ${quality}: look at its connection`
  return { value: typeof value === 'bigint' ? value.toString() : value, at, problem }
}

/** What a machine tells by its tags `Program`, the name, and `ProgramSha256`, the hash of the text, where it has them. */
function programOf(directory: TagDirectory, table: TagTable, nodeId: Id<'EquipmentNode'>): LoadedProgram | undefined {
  const path = directory.node(nodeId)?.path
  const told = (name: string): string | null => {
    const tag = directory.byPath(`${path}/${name}`)
    const reading = tag && readingOf(table, tag.id)
    return reading === undefined || reading.problem !== null ? null : String(reading.value)
  }
  const name = told('Program')
  return name === null || name === '' ? undefined : { name, sha256: told('ProgramSha256')?.toLowerCase() ?? null }
}

/** A machine that is down or stands by plan is not begun with; of one that says nothing, nobody knows. */
function conditionBy(stateAt: Performance['stateAt']): NonNullable<ExecutionOptions['machineState']> {
  return async (db, nodeId, at) => {
    const found = await stateAt(db, nodeId, at)
    if (found === undefined || found.state === 'no-data') return { fit: null, words: 'nobody tells what it is doing' }
    const state = found.state.replaceAll('-', ' ')
    const isSaid = found.label === '' || found.label.toLowerCase() === state
    const words = isSaid ? state : `${state}, ${found.label}`
    return { fit: found.state !== 'down' && found.state !== 'planned-stop', words }
  }
}
