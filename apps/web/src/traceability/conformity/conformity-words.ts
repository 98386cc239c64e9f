import { DomainError } from '@throughline/kernel'
import type { ConformityCertificate } from '@throughline/model'

/** What keeps conformity from being stated, each thing in a sentence; undefined = it is another failure. */
export function openPointsOf(error: unknown): readonly string[] | undefined {
  if (!(error instanceof DomainError) || error.code !== 'traceability.conformity-open') return undefined
  const { points } = error.details
  return Array.isArray(points) ? points.filter((point): point is string => typeof point === 'string') : undefined
}

type Listed = Pick<ConformityCertificate, 'number' | 'state' | 'pieces'>

/** On which certificate a piece stands, in a sentence. */
export function standingOf(
  certificates: readonly Listed[],
  lot: { readonly id: string; readonly code: string },
): string {
  const own = certificates.filter(({ pieces }) => pieces.some(({ lotId }) => lotId === lot.id))
  const released = own.find(({ state }) => state === 'released')
  if (released !== undefined) return `${lot.code} stands on ${released.number}.`
  const draft = own.find(({ state }) => state === 'draft')
  return draft === undefined
    ? `${lot.code} stands on no certificate yet.`
    : `${lot.code} stands on ${draft.number}, which nobody has signed yet.`
}
