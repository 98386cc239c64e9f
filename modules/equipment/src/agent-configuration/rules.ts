import { DomainError } from '@throughline/kernel'
import type { AgentConfiguration, Tag } from '@throughline/model'

/**
 * An edge agent may know its own devices only; a person who may configure agents may look at any.
 * @throws DomainError `forbidden`
 */
export function assertOwnName(actor: { kind: string; name: string }, agent: string): void {
  if (actor.kind !== 'machine' || actor.name === agent) return
  throw new DomainError(
    'forbidden',
    'equipment.agent-not-yours',
    `${actor.name} may ask for the configuration of ${actor.name}, not of ${agent}`,
  )
}

/** What an edge agent needs to know of the tags that it feeds. */
export function agentTags(tags: readonly Tag[]): AgentConfiguration['tags'] {
  return tags.flatMap(({ id, path, dataType, rangeLow, rangeHigh, deadband, writable, source }) =>
    source === null ? [] : [{ id, path, dataType, rangeLow, rangeHigh, deadband, writable, source }],
  )
}
