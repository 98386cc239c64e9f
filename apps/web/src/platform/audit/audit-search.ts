import type { Instant } from '@throughline/kernel'
import { fromMs } from '@throughline/kernel'
import type { listAuditEntries } from '@throughline/model'
import { zoneOffsetMin } from '@throughline/ui'
import { z } from 'zod'

const word = z.string().max(200).optional().catch(undefined)

/** What the address of the audit trail says; everything is text that a person may write by hand. */
export const AuditSearch = z.object({
  /** Id of a person, or `person`, `machine`, `station`, `system`, `nobody`. */
  who: word,
  /** Name of an operation. */
  deed: word,
  /** Kind of a record that was changed. */
  record: word,
  outcome: z.enum(['done', 'refused']).optional().catch(undefined),
  /** Part of the reason. */
  reason: word,
  /** Times on the clock of the plant: `2026-11-22T08:00`. */
  from: word,
  to: word,
})
export type AuditSearch = z.infer<typeof AuditSearch>

export type AuditFilter = z.input<typeof listAuditEntries.input>

const kinds = ['person', 'machine', 'station', 'system', 'nobody'] as const

/** The search as the server is asked; a time that is none is left out and named in `problem`. */
export function filterOf(
  search: AuditSearch,
  timeZone: string | undefined,
): { readonly filter: AuditFilter; readonly problem: string | undefined } {
  const { who, deed, record, outcome, reason } = search
  const kind = kinds.find((each) => each === who)
  const [from, to] = [instantOf(search.from, timeZone), instantOf(search.to, timeZone)]
  const wrong = [search.from !== undefined && from === undefined, search.to !== undefined && to === undefined]
  const filter: AuditFilter = {
    ...(who === undefined ? {} : kind === undefined ? { actor: who } : { actorKind: kind }),
    ...(deed === undefined ? {} : { operation: deed }),
    ...(record === undefined ? {} : { record: { kind: record } }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(reason === undefined ? {} : { reason }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }
  const problem = wrong.includes(true) ? 'A time of this address is none: write it like 2026-11-22T08:00.' : undefined
  return { filter, problem }
}

/** Whose clock a typed time is read by. */
export const clockWords = (timeZone: string | undefined): string => `On the clock of ${timeZone ?? 'this device'}`

/** A wall clock's time in a zone: `2026-11-22T08:00`; undefined for what is none. */
export function instantOf(text: string | undefined, timeZone: string | undefined): Instant | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text)) return undefined
  const utcMs = Date.parse(`${text}Z`)
  if (Number.isNaN(utcMs)) return undefined
  // The offset is that of the moment itself, which near a change of the clocks differs from the first guess.
  const guessMs = utcMs - zoneOffsetMin(utcMs, timeZone) * 60_000
  return fromMs(utcMs - zoneOffsetMin(guessMs, timeZone) * 60_000)
}
