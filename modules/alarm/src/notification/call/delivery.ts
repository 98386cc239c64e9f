import type { Instant } from '@throughline/kernel'

/** What became of one attempt. */
export type Delivery =
  | { readonly isDone: true }
  | {
      readonly isDone: false
      /** In words. */
      readonly fault: string
      /** Whether another attempt could go better, and cannot reach anybody twice. */
      readonly mayRepeat: boolean
    }

/** What became of a call that was taken in hand. */
export interface CallOutcome {
  readonly id: string
  readonly state: 'sent' | 'open' | 'failed'
  readonly sentAt: Instant | null
  /** When it is tried again, where it is. */
  readonly tryAt: Instant | null
  readonly isInSummary: boolean
  readonly note: string | null
}
