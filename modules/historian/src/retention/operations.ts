import { getRetention, setRetention } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { assertRetention } from './rules.ts'
import { insertRetention, readRetention } from './store.ts'

export function registerRetention(platform: Platform): void {
  platform.handle(getRetention, (uow) => readRetention(uow.trx))

  platform.handle(setRetention, async (uow, { reason, ...retention }) => {
    assertRetention(retention)
    await insertRetention(uow, retention, reason)
    return retention
  })
}
