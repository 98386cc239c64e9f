import type { TagDirectory } from '@throughline/equipment'
import { nodesWithin } from '@throughline/equipment'
import { DomainError, toIso } from '@throughline/kernel'
import { exportGenealogy, traceGenealogy } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { guardedCell, writeCsvText } from '@throughline/platform'
import { whenHeard } from '../graph/heard.ts'
import { reach } from './reach.ts'
import { csvRowsOf, threadOf } from './rules.ts'
import { getStart } from './start.ts'
import { listNodes } from './store.ts'

/** Nodes of one export, and steps. */
const exported = { limit: 50_000, maxDepth: 50 } as const

export function registerGenealogy(platform: Platform, directory: TagDirectory): void {
  platform.handlePrepared(
    traceGenealogy,
    () => whenHeard(platform),
    async (uow, { from, ...asked }) => {
      const began = performance.now()
      const start = await getStart(uow, directory, from)
      const found = await reach(uow.trx, { ...asked, start, window: asked.window })
      const others = await listNodes(
        uow.trx,
        [...found.depths.keys()].filter((key) => key !== start.key),
      )
      const thread = threadOf(found, [start, ...others], nodesWithin(directory, uow.scopes))
      return { ...thread, truncated: found.truncated, elapsedMs: performance.now() - began }
    },
  )

  platform.handlePrepared(
    exportGenealogy,
    () => whenHeard(platform),
    async (uow, { from, direction, format }) => {
      const start = await getStart(uow, directory, from)
      const found = await reach(uow.trx, { start, direction, ...exported, show: 'all', window: undefined })
      if (found.truncated) {
        throw new DomainError(
          'conflict',
          'traceability.export-too-large',
          `More than ${exported.limit} things hang on ${start.label}: export from nearer to what you look for`,
          { limit: exported.limit },
        )
      }
      const others = await listNodes(
        uow.trx,
        [...found.depths.keys()].filter((key) => key !== start.key),
      )
      const thread = threadOf(found, [start, ...others], nodesWithin(directory, uow.scopes))
      const name = start.label.replaceAll(/[^A-Za-z0-9._-]+/g, '-')
      const content =
        format === 'json'
          ? JSON.stringify({ from: { kind: start.kind, id: start.id }, direction, at: uow.at, ...thread }, null, 2)
          : writeCsvText(csvRowsOf(thread, toIso).map((cells) => cells.map(guardedCell)))
      return { fileName: `genealogy-${name}-${direction}.${format}`, content }
    },
  )
}
