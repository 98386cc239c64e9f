import type { Id } from '@throughline/kernel'
import type { Platform } from '@throughline/platform'
import { findOverride } from './gate/store.ts'
import { findReview, getBook } from './logbook/store.ts'
import { nameOf } from './run/rules.ts'
import { findRun, getStoredRun } from './run/store.ts'
import { entryTitle } from './step-entry/title.ts'

/** What people sign here, in words that say what it is: whose work, which step and piece, what was entered. */
export function callRecords(platform: Platform): void {
  platform.callRecords('execution.step_entry', { read: 'execution.read', title: entryTitle })

  platform.callRecords('execution.run', {
    read: 'execution.read',
    title: async (db, id) => {
      const run = await findRun(db, id as Id<'OperationRun'>)
      return run && nameOf(run)
    },
  })

  platform.callRecords('execution.gate_override', {
    read: 'execution.read',
    title: async (db, id) => {
      const override = await findOverride(db, id)
      if (override === undefined) return undefined
      return `Going on with ${nameOf(await getStoredRun(db, override.runId))}, although: ${override.message}`
    },
  })

  platform.callRecords('execution.logbook', {
    read: 'execution.read',
    title: async (db, id) => `Logbook ${(await getBook(db, id as Id<'Logbook'>)).name}`,
  })

  platform.callRecords('execution.logbook_review', {
    read: 'execution.read',
    title: async (db, id, timeText) => {
      const review = await findReview(db, id)
      if (review === undefined) return undefined
      const { entries, logbookId, window } = review
      const { name } = await getBook(db, logbookId)
      const what = `${entries} ${entries === 1 ? 'entry' : 'entries'} of ${name}`
      return `${what}, from ${timeText(window.from)} to ${timeText(window.to)}`
    },
  })
}
