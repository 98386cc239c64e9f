import { setTimeout as delay } from 'node:timers/promises'
import { DomainError } from '@throughline/kernel'

const pauseMs = 15

/**
 * Asks `condition` again and again until it answers something other than undefined, null or false, and answers that.
 * A condition that throws ends the wait with its error. The deadline is there to end a hopeless test, not to time one.
 *
 * @throws DomainError `unavailable` naming `what` after `deadlineMs`
 */
export async function waitFor<Answer>(
  condition: () => Answer | Promise<Answer>,
  what: string,
  deadlineMs = 15_000,
): Promise<Exclude<Answer, undefined | null | false>> {
  const end = performance.now() + deadlineMs
  for (;;) {
    const answer = await condition()
    if (answer !== undefined && answer !== null && answer !== false) {
      return answer as Exclude<Answer, undefined | null | false>
    }
    if (performance.now() > end) {
      throw new DomainError('unavailable', 'testkit.waited-in-vain', `Waited ${deadlineMs} ms in vain for ${what}`)
    }
    await delay(pauseMs)
  }
}
