import type { Id, Instant } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import type { ContextKind } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { endInterval, insertInterval, listOpen, lockNode } from './store.ts'

/** What a node is busy with, beside other things of the same kind: one of six pieces in an oven. */
export interface Busy {
  readonly kind: ContextKind
  readonly label: string
}

/** Records within the caller's transaction that a node began these; what is open with that label already goes on. */
export async function beginContexts(
  uow: UnitOfWork,
  nodeId: Id<'EquipmentNode'>,
  begun: readonly Busy[],
  from: Instant,
): Promise<void> {
  for (const [kind, labels] of byKind(begun)) {
    await lockNode(uow, nodeId, kind)
    const open = await listOpen(uow, nodeId, kind, labels)
    for (const label of labels) {
      if (open.some((each) => each.label === label)) continue
      await insertInterval(uow, {
        id: newId<'ContextInterval'>(uow.at),
        nodeId,
        kind,
        label,
        from,
        to: null,
        corrects: null,
        reason: null,
        recordedBy: uow.actor.name,
        recordedAt: uow.at,
      })
    }
  }
}

/** Ends within the caller's transaction what is open on a node with these labels; what is not is left as it is. */
export async function endContexts(
  uow: UnitOfWork,
  nodeId: Id<'EquipmentNode'>,
  ended: readonly Busy[],
  to: Instant,
): Promise<void> {
  for (const [kind, labels] of byKind(ended)) {
    await lockNode(uow, nodeId, kind)
    for (const { id, from } of await listOpen(uow, nodeId, kind, labels)) {
      // An interval lasts: what began and ended in one instant gets the shortest there is.
      await endInterval(uow, id, to > from ? to : ((from + 1) as Instant))
    }
  }
}

const byKind = (each: readonly Busy[]): [ContextKind, string[]][] =>
  [...Map.groupBy(each, ({ kind }) => kind)].map(([kind, of]) => [kind, [...new Set(of.map(({ label }) => label))]])
