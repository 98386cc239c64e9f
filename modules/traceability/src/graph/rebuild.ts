import type { TagDirectory } from '@throughline/equipment'
import { listRunIdsAfter } from '@throughline/execution'
import type { Id } from '@throughline/kernel'
import { messageOf } from '@throughline/kernel'
import { listContainersAfter, listMovementsAfter } from '@throughline/material'
import { rebuildGraph } from '@throughline/model'
import type { Platform, UnitOfWork } from '@throughline/platform'
import type { QualityRecords } from '../as-built/facts.ts'
import { hearDeviation, hearInspection } from './finding.ts'
import { hearContainers, hearMovements } from './movement.ts'
import { hearRun } from './run.ts'
import { countGraph, emptyGraph, isEmptyGraph } from './store.ts'

const pageSize = 500

/** Mounts the making anew, which also happens by itself at a start where there is no graph and there was work. */
export function registerRebuild(platform: Platform, directory: TagDirectory, quality: QualityRecords): void {
  platform.handle(rebuildGraph, async (uow) => {
    const began = performance.now()
    await makeAnew(uow, directory, quality)
    return { ...(await countGraph(uow.trx)), elapsedMs: performance.now() - began }
  })

  const end = directory.onChange(() => {
    end()
    makeGraphWhenEmpty(platform, directory, quality).catch((error: unknown) =>
      platform.log.error({ reason: messageOf(error) }, 'the graph of traceability could not be made anew'),
    )
  })
}

/** Plants that are older than the graph have records that it never heard of. */
export async function makeGraphWhenEmpty(
  platform: Platform,
  directory: TagDirectory,
  quality: QualityRecords,
): Promise<void> {
  if (!(await isEmptyGraph(platform.db)) || (await listMovementsAfter(platform.db, null, 1)).length === 0) return
  await platform.act('traceability', rebuildGraph.name, {}, (uow) => makeAnew(uow, directory, quality))
}

/** From the records as they stand, in one transaction: until it ends, everybody sees the graph that was there before. */
async function makeAnew(uow: UnitOfWork, directory: TagDirectory, quality: QualityRecords): Promise<void> {
  const { trx } = uow
  await emptyGraph(trx)
  for await (const page of pages((after: Id<'MaterialMovement'> | null) => listMovementsAfter(trx, after, pageSize))) {
    const moved = page.map(({ id, ...movement }) => ({ ...movement, movementId: id }))
    await hearMovements(uow, moved)
  }
  for await (const page of pages((after: Id<'Container'> | null) => listContainersAfter(trx, after, pageSize))) {
    await hearContainers(
      uow,
      page.map(({ id }) => id),
    )
  }
  const runs = pages(async (after: Id<'OperationRun'> | null) =>
    (await listRunIdsAfter(trx, after, pageSize)).map((id) => ({ id })),
  )
  for await (const page of runs) for (const { id } of page) await hearRun(uow, directory, id)
  for await (const page of pages((after: string | null) => quality.inspectionsAfter(trx, after, pageSize))) {
    for (const inspection of page) await hearInspection(uow, inspection)
  }
  for await (const page of pages((after: string | null) => quality.deviationsAfter(trx, after, pageSize))) {
    for (const deviation of page) await hearDeviation(uow, deviation)
  }
}

async function* pages<Key extends string, Row extends { readonly id: Key }>(
  next: (after: Key | null) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  for (let after: Key | null = null; ; ) {
    const page: readonly Row[] = await next(after)
    if (page.length > 0) yield page
    const last = page.at(-1)
    if (last === undefined || page.length < pageSize) return
    after = last.id
  }
}
