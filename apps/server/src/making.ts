import type { TagDirectory } from '@throughline/equipment'
import { findAsset, usageProblem } from '@throughline/equipment'
import type { TagReading } from '@throughline/execution'
import { executionModule, findOrder, findOrderByCode, workAt } from '@throughline/execution'
import { materialModule } from '@throughline/material'
import { qualityOf } from '@throughline/model'
import type { BlobStore, Module } from '@throughline/platform'
import { qualityModule } from '@throughline/quality'
import { traceabilityModule } from '@throughline/traceability'
import type { Documents } from './ingest/documents/documents.ts'
import type { TagTable } from './live/tag-table.ts'

/** The modules of making things, and what each is told of the others. */
export function makingModules(
  directory: TagDirectory,
  { documents, blobs, table }: { readonly documents: Documents; readonly blobs: BlobStore; readonly table: TagTable },
): Module[] {
  const assets = { find: findAsset, problem: usageProblem }
  const orders = { byId: findOrder, byCode: findOrderByCode }
  const quality = qualityModule({ directory, orders, workAt })
  documents.on('quality', quality.hearDocument)
  return [
    materialModule({ nodes: directory, assets }),
    executionModule({ directory, blobs, readTag: async (tagId) => readingOf(table, tagId) }),
    quality.module,
    traceabilityModule({ directory }),
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
