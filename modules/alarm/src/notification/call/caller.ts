import type { Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { Platform, UnitOfWork } from '@throughline/platform'
import type { NotificationOptions } from '../notification.ts'
import type { Delivery } from './delivery.ts'
import { sendMail } from './mail.ts'
import { floodMs, outcomeOf, wayFor } from './rules.ts'
import type { DueCall } from './store.ts'
import {
  cancelCalls,
  countCallsSince,
  holdCalls,
  listDueCalls,
  listInterrupted,
  takeCalls,
  writeOutcomes,
} from './store.ts'
import { postWebhook } from './webhook.ts'
import type { Surroundings } from './words.ts'
import { alarmMail, summaryMail, webhookBody } from './words.ts'

const self = 'alarm.notification'
const most = 2000
const mostInARound = 50
const addressesAtOnce = 8

/**
 * Makes the calls that are due. A call is taken in hand, in the database, before its mail leaves: what stops in between is
 * not repeated by e-mail, for nobody is called twice; a webhook is, under the same key.
 */
export class Caller {
  readonly #platform: Platform
  readonly #options: NotificationOptions
  #running: Promise<void> | undefined
  #isRecovered = false

  constructor(platform: Platform, options: NotificationOptions) {
    this.#platform = platform
    this.#options = options
  }

  /** Settles once all that is due now was tried. */
  sendDue(): Promise<void> {
    this.#running ??= this.#send().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Settles once nothing is being sent. */
  async idle(): Promise<void> {
    await this.#running?.catch(() => undefined)
  }

  async #send(): Promise<void> {
    if (!this.#isRecovered) await this.#recover()
    this.#isRecovered = true
    const due = await listDueCalls(this.#platform.db, this.#platform.clock.now(), most)
    const waiting = due.filter(({ isWaiting }) => isWaiting)
    await this.#cancel(due.filter(({ isWaiting }) => !isWaiting))
    const queue = [...Map.groupBy(waiting, ({ by, addressKey }) => `${by} ${addressKey}`).values()]
    const workers = Array.from({ length: addressesAtOnce }, async () => {
      for (let calls = queue.shift(); calls !== undefined; calls = queue.shift()) await this.#callOne(calls)
    })
    // All are waited for: what one address makes of it must not let the others run on unseen.
    const fault = (await Promise.allSettled(workers)).find((each) => each.status === 'rejected')
    if (fault !== undefined) throw fault.reason
  }

  /** What an earlier run had in hand when it ended. */
  async #recover(): Promise<void> {
    const interrupted = await listInterrupted(this.#platform.db)
    if (interrupted.length === 0) return
    await this.#act('alarm.call.recover', { calls: interrupted.length }, (uow) =>
      writeOutcomes(
        uow,
        interrupted.map(({ id, by }) => ({
          id,
          state: by === 'webhook' ? ('open' as const) : ('failed' as const),
          sentAt: null,
          tryAt: by === 'webhook' ? uow.at : null,
          isInSummary: false,
          note: 'the server stopped while this was being sent: it may have arrived',
        })),
      ),
    )
  }

  async #cancel(calls: readonly DueCall[]): Promise<void> {
    if (calls.length === 0) return
    const ids = calls.map(({ id }) => id)
    await this.#act('alarm.call.cancel', { calls: ids }, (uow) =>
      cancelCalls(uow, ids, 'not needed: the alarm no longer waits for anybody'),
    )
  }

  /** All that is due for one address. */
  async #callOne(calls: readonly DueCall[]): Promise<void> {
    const [first] = calls
    if (first === undefined) return
    if (first.by === 'webhook') return await this.#callWebhook(first.address, calls.slice(0, mostInARound))
    const { db, clock } = this.#platform
    const now = clock.now()
    const way = wayFor(calls.length, await countCallsSince(db, first.addressKey, plusMs(now, -floodMs)))
    if (way.kind === 'later') await this.#hold(calls, way.at)
    else if (way.kind === 'summary') await this.#mail(calls, summaryMail(calls, this.#around()), true)
    else for (const call of calls) await this.#mail([call], alarmMail(call, this.#around()), false)
  }

  async #hold(calls: readonly DueCall[], until: Instant): Promise<void> {
    const ids = calls.map(({ id }) => id)
    await this.#act('alarm.call.hold', { calls: ids }, (uow) =>
      holdCalls(uow, ids, until, 'waits: so many alarms come in one mail, at most every ten minutes'),
    )
  }

  async #mail(calls: readonly DueCall[], { subject, text }: { subject: string; text: string }, isSummary: boolean) {
    const taken = await this.#take(calls)
    const [first] = taken
    if (first === undefined) return
    const { mail } = this.#options
    const delivery: Delivery =
      mail === null
        ? { isDone: false, fault: 'the server knows no mail server', mayRepeat: false }
        : await sendMail(mail, { id: first.id, to: first.address, subject, text })
    await this.#conclude(taken, () => delivery, isSummary ? taken.length : null)
  }

  /** What keeps one call from a receiver keeps the others too: it is not asked again for each of them. */
  async #callWebhook(url: string, calls: readonly DueCall[]): Promise<void> {
    const taken = await this.#take(calls)
    const deliveries = new Map<string, Delivery>()
    let down: Delivery | undefined
    for (const call of taken) {
      const delivery = down ?? (await this.#post(url, call))
      if (!delivery.isDone && delivery.mayRepeat) down = delivery
      deliveries.set(call.id, delivery)
    }
    await this.#conclude(taken, ({ id }) => deliveries.get(id))
  }

  async #post(url: string, call: DueCall): Promise<Delivery> {
    const { localWebhooks = false, webhookTimeoutMs } = this.#options
    const timeout = webhookTimeoutMs === undefined ? {} : { timeoutMs: webhookTimeoutMs }
    return await postWebhook(url, call.id, webhookBody(call, this.#around()), { allowLocal: localWebhooks, ...timeout })
  }

  async #take(calls: readonly DueCall[]): Promise<DueCall[]> {
    let taken = new Set<string>()
    const ids = calls.map(({ id }) => id)
    await this.#act('alarm.call.take', { calls: ids }, async (uow) => {
      taken = await takeCalls(uow, ids)
    })
    return calls.filter(({ id }) => taken.has(id))
  }

  async #conclude(
    taken: readonly DueCall[],
    deliveryOf: (call: DueCall) => Delivery | undefined,
    summarised: number | null = null,
  ): Promise<void> {
    if (taken.length === 0) return
    await this.#act('alarm.call.conclude', { calls: taken.map(({ id }) => id) }, (uow) =>
      writeOutcomes(
        uow,
        taken.flatMap((call) => {
          const delivery = deliveryOf(call)
          return delivery === undefined
            ? []
            : [outcomeOf({ id: call.id, attempts: call.attempts + 1 }, delivery, uow.at, summarised)]
        }),
      ),
    )
  }

  async #act(operation: string, input: unknown, run: (uow: UnitOfWork) => Promise<void>): Promise<void> {
    await this.#platform.act(self, operation, input, run)
  }

  #around(): Surroundings {
    const { nodes, origin = () => null } = this.#options
    return { pathOf: (nodeId) => nodes.node(nodeId)?.path ?? nodeId, origin: origin() }
  }
}
