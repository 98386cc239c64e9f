import type { TagDirectory } from '@throughline/equipment'
import type { Instant } from '@throughline/kernel'
import type { AsBuilt } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { readHeld } from '../readings/read.ts'
import type { RunFacts } from './facts.ts'

type Program = NonNullable<AsBuilt['runs'][number]['program']>

/** The program that was released for an operation, the one that its equipment told when it began, and what the gate found. */
export async function programOf(
  platform: Platform,
  directory: TagDirectory,
  { operation, run, programChecks }: RunFacts,
): Promise<Program | null> {
  const released = operation?.program ?? null
  const checks = [...programChecks]
  const path = run.nodeId === null ? undefined : directory.node(run.nodeId)?.path
  const { startedAt } = run
  const heldBy = async (name: string) => {
    const tag = path === undefined ? undefined : directory.byPath(`${path}/${name}`)
    if (tag === undefined || startedAt === null) return undefined
    return readHeld(platform, tag.id, (startedAt + 1) as Instant)
  }
  const name = await heldBy('Program')
  const text = typeof name?.value === 'string' || typeof name?.value === 'number' ? String(name.value) : ''
  if (name === undefined || text === '')
    return released === null ? null : { released, loaded: null, verdict: null, checks }
  const hash = await heldBy('ProgramSha256')
  const sha256 = typeof hash?.value === 'string' && hash.value !== '' ? hash.value.toLowerCase() : null
  const loaded = { name: text, sha256, at: name.at }
  return { released, loaded, verdict: verdictOf(released, loaded), checks }
}

/** Whether what was loaded is what was released; null = none is released. */
export function verdictOf(
  released: Program['released'],
  loaded: Pick<NonNullable<Program['loaded']>, 'name' | 'sha256'>,
): Program['verdict'] {
  if (released === null) return null
  if (loaded.sha256 !== null) return loaded.sha256 === released.sha256 ? 'same' : 'other'
  return loaded.name === released.name ? 'same-name' : 'other'
}
