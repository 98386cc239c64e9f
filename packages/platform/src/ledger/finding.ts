import type { Instant } from '@throughline/kernel'

/** What is wrong, in the words of docs/guides/ledger-format.md. */
export type FindingKind = 'forged' | 'altered' | 'reordered' | 'missing' | 'truncated' | 'rolled-back' | 'unproven'

/** One thing that is wrong with the ledger; what is not known is null. */
export interface Finding {
  readonly finding: FindingKind
  readonly place: number | null
  readonly at: Instant | null
  readonly actor: string | null
  readonly operation: string | null
  /** For people: names the thing, and says what it means. */
  readonly message: string
}

/** A finding that belongs to no leaf. */
export const findingOf = (finding: FindingKind, message: string, place: number | null = null): Finding => ({
  finding,
  place,
  at: null,
  actor: null,
  operation: null,
  message,
})
