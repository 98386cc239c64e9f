import { messageOf } from '@throughline/kernel'
import { createTransport } from 'nodemailer'
import type { Logger as NodemailerLogger } from 'nodemailer/lib/shared/index.js'
import type { Delivery } from './delivery.ts'

/** The mail server, and who the mails come from. */
export interface MailOptions {
  /** `smtp://user:password@host:port`, or `smtps://…`. */
  readonly smtpUrl: string
  readonly from: string
}

export interface Mail {
  /** The same for each attempt. */
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Sends one mail. What the server may have taken although its answer got lost is not repeated. */
export async function sendMail({ smtpUrl, from }: MailOptions, { id, to, subject, text }: Mail): Promise<Delivery> {
  let isHandedOver = false
  const transport = createTransport({
    url: smtpUrl,
    // Whether the line broke before or after the mail was on its way stands in no error: the commands tell it.
    debug: true,
    logger: listener((command) => {
      isHandedOver ||= command === 'DATA'
    }),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
  })
  try {
    const host = from.split('@').at(-1)?.replace(/>.*$/, '') ?? 'throughline'
    const headers = { 'Auto-Submitted': 'auto-generated' }
    await transport.sendMail({ messageId: `<${id}@${host}>`, from, to, subject, text, headers })
    return { isDone: true }
  } catch (error) {
    return { isDone: false, fault: messageOf(error), mayRepeat: mayRepeat(error, isHandedOver) }
  } finally {
    transport.close()
  }
}

/** Refused for now, or never handed over: the server did not take it. */
function mayRepeat(error: unknown, isHandedOver: boolean): boolean {
  const { responseCode } = error as { responseCode?: number }
  return responseCode === undefined ? !isHandedOver : responseCode < 500
}

/** Hears the commands that the client gives. */
function listener(hear: (command: string) => void): NodemailerLogger {
  const ignore = (): void => {}
  return {
    level: ignore,
    trace: ignore,
    debug: (entry: { tnx?: string }, command: string) => {
      if (entry.tnx === 'client') hear(command)
    },
    info: ignore,
    warn: ignore,
    error: ignore,
    fatal: ignore,
  } as NodemailerLogger
}
