import type { Instant } from '@throughline/kernel'
import type { Platform, RawAnswer, UnitOfWork } from '@throughline/platform'
import { Tickets } from '@throughline/platform'
import type { Proof } from './as-built/document/words.ts'

interface Ticket {
  readonly path: string
  readonly fileName: string
  readonly expiresAt: Instant
}

/** Promises a file to whoever asks: it is made when it is fetched, once. */
export type HandOut = (uow: UnitOfWork, fileName: string, answer: () => Promise<RawAnswer>) => Ticket

/** Mounts the route by which every file of this module is fetched. */
export function handOutBy(platform: Platform): HandOut {
  const tickets = new Tickets<() => Promise<RawAnswer>>()
  platform.route({
    method: 'GET',
    path: '/api/traceability/as-built/:token',
    answer: async ({ params }) => tickets.take(params['token'] ?? '', platform.clock.now())(),
  })
  return (uow, fileName, answer) => {
    const { token, expiresAt } = tickets.give(answer, uow.at)
    return { path: `/api/traceability/as-built/${token}`, fileName, expiresAt }
  }
}

/** A file to be kept. */
export function fileOf(fileName: string, type: string, body: Buffer): RawAnswer {
  const disposition = `attachment; filename="${fileName}"`
  return { status: 200, headers: { 'content-type': type, 'content-disposition': disposition }, body }
}

/** What a document names as its proof: it is signed before the document is made. */
export async function proofOf({ ledger }: Platform): Promise<Proof & { readonly plant: string }> {
  await ledger.checkpoint()
  const { id, keys, checkpoint, plant } = await ledger.status()
  return {
    ...{ ledger: id, keys, plant },
    checkpoint: checkpoint === null ? null : { ...checkpoint, at: checkpoint.at as Instant },
  }
}
