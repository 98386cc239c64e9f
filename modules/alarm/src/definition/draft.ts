import { newId } from '@throughline/kernel'
import type { AlarmDefinition, AlarmPhilosophy } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import { priorityOf } from '../philosophy/rules.ts'

/** What people say of an alarm, beside the reason of a change. */
export type DefinitionContent = Omit<
  AlarmDefinition,
  'id' | 'version' | 'state' | 'priority' | 'changeReason' | 'draftedBy' | 'draftedAt' | 'releasedAt'
>

/** The draft that follows the newest version of an alarm: that draft anew, or the next version. */
export function draftAfter(
  newest: AlarmDefinition | undefined,
  content: DefinitionContent,
  changeReason: string,
  uow: UnitOfWork,
  philosophy: AlarmPhilosophy,
): { readonly draft: AlarmDefinition; readonly isNew: boolean } {
  const present = newest?.state === 'draft' ? newest : undefined
  const draft: AlarmDefinition = {
    ...content,
    // One alarm, one spelling: its names are told apart by more than upper and lower case.
    name: newest?.name ?? content.name,
    id: present?.id ?? newId<'AlarmDefinition'>(uow.at),
    version: present?.version ?? (newest?.version ?? 0) + 1,
    changeReason,
    ...draftedNow(uow, content, philosophy),
  }
  return { draft, isNew: present === undefined }
}

/** What every draft of this moment has in common. */
export const draftedNow = (uow: UnitOfWork, content: DefinitionContent, { matrix }: AlarmPhilosophy) => ({
  state: 'draft' as const,
  priority: priorityOf(matrix, content.severity, content.timeToRespond),
  draftedBy: uow.actor.name,
  draftedAt: uow.at,
  releasedAt: null,
})
