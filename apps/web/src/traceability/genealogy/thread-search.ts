import { parseInstant } from '@throughline/kernel'
import type { ThreadNode, traceGenealogy, Window } from '@throughline/model'
import { ThreadNode as ThreadNodeSchema } from '@throughline/model'
import { z } from 'zod'

/** What the address of a genealogy says; everything is text that a person may write by hand. */
export const ThreadSearch = z.object({
  /** Without it the address names what stands on a label, with it an id of this kind. */
  kind: ThreadNodeSchema.shape.kind.optional().catch(undefined),
  direction: z.enum(['backward', 'forward', 'both']).optional().catch(undefined),
  show: z.enum(['material', 'all']).optional().catch(undefined),
  /** Of people, tools and equipment: ISO 8601. */
  from: z.string().max(40).optional().catch(undefined),
  to: z.string().max(40).optional().catch(undefined),
})
export type ThreadSearch = z.infer<typeof ThreadSearch>

export type Question = Pick<z.input<(typeof traceGenealogy)['input']>, 'from' | 'show' | 'window'>

/** What is asked each way. */
export function questionOf(code: string, { kind, show, from, to }: ThreadSearch): Question {
  const window = windowOf(from, to)
  return {
    from: kind === undefined ? { code } : { kind, id: code },
    show: show ?? 'material',
    ...(window === undefined ? {} : { window }),
  }
}

function windowOf(from: string | undefined, to: string | undefined): Window | undefined {
  const ends = { from: parseInstant(from ?? ''), to: parseInstant(to ?? '') }
  if (ends.from === undefined || ends.to === undefined || ends.from >= ends.to) return undefined
  return { from: ends.from, to: ends.to }
}

/** Of these it may be asked what they touched in a window of time. */
export const hasWindow = (kind: ThreadNode['kind'] | undefined): boolean =>
  kind === 'person' || kind === 'tool' || kind === 'equipment'
