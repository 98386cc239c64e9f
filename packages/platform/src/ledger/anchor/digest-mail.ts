import { toIso } from '@throughline/kernel'
import { createTransport } from 'nodemailer'
import type { Anchor } from './anchors.ts'

const dayMs = 86_400_000

export interface DigestMailOptions {
  /** `smtp://user:password@host:port`, or `smtps://…`. */
  readonly smtpUrl: string
  readonly from: string
  /** At best somebody outside the plant. */
  readonly to: readonly string[]
  /** Name of the plant, for people. */
  readonly plant: string
  /** Default: a day. */
  readonly everyMs?: number
}

/** Mails the newest checkpoint, at most once a day: whoever keeps the mail can tell later whether the ledger was set back. */
export function digestMail(options: DigestMailOptions): Anchor {
  const { smtpUrl, from, to, plant } = options
  return {
    kind: 'mail',
    target: to.join(', '),
    takes: 'newest',
    everyMs: options.everyMs ?? dayMs,
    async deliver(checkpoints, signal) {
      const newest = checkpoints.at(-1)
      if (newest === undefined) return null
      const transport = createTransport(smtpUrl)
      const giveUp = (): void => transport.close()
      signal.addEventListener('abort', giveUp, { once: true })
      try {
        const sent = await transport.sendMail({
          from,
          to: [...to],
          subject: `Ledger of ${plant}: ${newest.size} leaves on ${toIso(newest.at).slice(0, 10)}`,
          text: bodyOf(plant, newest.note),
          attachments: [{ filename: `${newest.size}.checkpoint`, content: newest.note, contentType: 'text/plain' }],
        })
        return Buffer.from(sent.messageId)
      } finally {
        signal.removeEventListener('abort', giveUp)
        transport.close()
      }
    },
  }
}

const bodyOf = (plant: string, note: string): string => `This is the newest checkpoint of the ledger of ${plant}.

Please keep this mail. Whatever was recorded before this checkpoint cannot be changed without contradicting it. To check
a bundle of records against it, give the attached file to the checker.

${note}`
