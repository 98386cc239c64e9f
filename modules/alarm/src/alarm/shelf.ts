import type { Instant } from '@throughline/kernel'
import type { Platform } from '@throughline/platform'
import { AlarmRecord } from './record.ts'
import { findNextExpiry, listExpired, lockAlarms } from './store.ts'

/** Brings shelved alarms back when their time is over, also across a restart. */
export class Shelf {
  readonly #platform: Platform
  #next: Instant | null = null

  constructor(platform: Platform) {
    this.#platform = platform
  }

  async load(): Promise<void> {
    this.#next = await findNextExpiry(this.#platform.db)
  }

  /** An alarm is shelved until then. */
  expect(until: Instant): void {
    if (this.#next === null || until < this.#next) this.#next = until
  }

  async tick(now: Instant): Promise<void> {
    if (this.#next === null || this.#next > now) return
    const expired = await listExpired(this.#platform.db, now)
    if (expired.length > 0) {
      await this.#platform.act('alarm', 'alarm.alarm.expire-shelf', { alarms: expired.length }, async (uow) => {
        const locked = await lockAlarms(uow.trx, expired)
        const record = new AlarmRecord(uow, locked)
        for (const alarm of [...locked.values()]) {
          const at = alarm.shelvedUntil
          // Somebody may have brought it back, or shelved it anew, between the look and the lock.
          if (alarm.state !== 'shelved' || at === null || at > now) continue
          record.do(alarm, { event: 'shelf-expired', at, by: null, comment: '', detail: '', shelvedUntil: null })
        }
        await record.write()
      })
    }
    await this.load()
  }
}
