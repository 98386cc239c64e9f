import type { TagDirectory } from '@throughline/equipment'
import { findAsset, usageProblem } from '@throughline/equipment'
import { executionModule, findOrder, findOrderByCode, workAt } from '@throughline/execution'
import { materialModule } from '@throughline/material'
import type { Module } from '@throughline/platform'
import { qualityModule } from '@throughline/quality'
import type { Documents } from './ingest/documents/documents.ts'

/** The modules of making things, and what each is told of the others. */
export function makingModules(directory: TagDirectory, documents: Documents): Module[] {
  const assets = { find: findAsset, problem: usageProblem }
  const orders = { byId: findOrder, byCode: findOrderByCode }
  const quality = qualityModule({ directory, orders, workAt })
  documents.on('quality', quality.hearDocument)
  return [materialModule({ nodes: directory, assets }), executionModule({ directory }), quality.module]
}
