import { setTimeout as wait } from 'node:timers/promises'
import type { Platform } from '@throughline/platform'

/** Longest wait for what is on its way: in a plant that never rests, something always is. */
const patienceMs = 2000

/** Settles once the graph has heard of what was committed up to now, or patience is at its end. */
export async function whenHeard(platform: Platform): Promise<void> {
  const giveUp = new AbortController()
  const patience = wait(patienceMs, undefined, { signal: giveUp.signal }).catch(() => undefined)
  await Promise.race([platform.idle(), patience])
  giveUp.abort()
}
