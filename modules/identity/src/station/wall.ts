import type { Permission, Station } from '@throughline/model'
import type { Actor } from '@throughline/platform'

/**
 * What the page of a wall asks for, and nothing else: names of the equipment; and its states, key figures, shifts and calls
 * for help. Topics of the live line need no permission; readings of tags do, and a wall has none.
 */
const permissionsOfWall: readonly Permission[] = ['equipment.model.read', 'performance.read']

/** The board itself as the one who reads, at its equipment and below. Undefined for a terminal: there somebody signs in. */
export function wallActor({ id, name, nodeId, kind }: Station, origin: string | null): Actor | undefined {
  if (kind !== 'wall') return undefined
  const grants = [{ permissions: new Set(permissionsOfWall), nodeId }]
  return { id, name, kind: 'station', roles: [], grants, origin, sessionId: null }
}
