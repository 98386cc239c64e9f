import type { Platform } from '@throughline/platform'
import type { NodeFinder } from '../nodes.ts'
import { Caller } from './call/caller.ts'
import type { MailOptions } from './call/mail.ts'
import { registerCall } from './call/operations.ts'
import { registerRoster } from './roster/operations.ts'

/** How people and programs are called. */
export interface NotificationOptions {
  readonly nodes: NodeFinder
  /** null = nobody can be called by e-mail. */
  readonly mail: MailOptions | null
  /** The address of the pages as people write it, for the links; null = not known yet. */
  readonly origin?: () => string | null
  /** Whether webhooks may lead to this server itself and to its own link; default false. */
  readonly localWebhooks?: boolean
  /** How long a webhook's receiver may take, ms; default 10 s. */
  readonly webhookTimeoutMs?: number
  /** How often is looked for calls that are due, ms; default 2 s. */
  readonly everyMs?: number
}

export interface Notifier {
  /** Makes the calls that are due now, and settles once each was tried. It also happens by itself. */
  sendDue(): Promise<void>
  /** Makes no more calls, and finishes those that are being made. Belongs before the end of the platform. */
  close(): Promise<void>
}

const defaultEveryMs = 2000

/** Mounts rosters and calls, and makes the calls when they are due. */
export function registerNotification(platform: Platform, options: NotificationOptions): Notifier {
  registerRoster(platform, options)
  registerCall(platform, options)
  const caller = new Caller(platform, options)
  const timer = setInterval(() => {
    caller.sendDue().catch((error: unknown) => platform.log.error({ error }, 'due calls could not be made'))
  }, options.everyMs ?? defaultEveryMs)
  timer.unref()
  let isClosed = false
  return {
    sendDue: () => (isClosed ? Promise.resolve() : caller.sendDue()),
    async close() {
      isClosed = true
      clearInterval(timer)
      await caller.idle()
    },
  }
}
