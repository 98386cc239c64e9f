import type { MachineState } from '@throughline/model'
import type { Database } from '@throughline/platform'

export interface SignalIntervalRow {
  node_id: string
  from_at: number
  to_at: number | null
  state: MachineState
  label: string
}

export interface RunRow {
  node_id: string
  from_at: number
  to_at: number | null
  order_name: string | null
  product: string | null
}

export interface CountStepRow {
  node_id: string
  at: number
  total: number | null
  good: number | null
  scrap: number | null
  rework: number | null
}

export interface CountGapRow extends CountStepRow {
  since: number
}

export interface CounterNoteRow {
  node_id: string
  at: number
  tag: string
  before_value: number
  after_value: number
}

export interface ReasonCodeRow {
  node_id: string
  at: number
  code: string | null
}

export interface ProgressRow {
  node_id: string
  resume_at: number | null
  heard_at: number | null
  changed_from: number | null
  changed_to: number | null
  cause: string | null
}

/** Tables of what is worked out of samples. */
export const derivedTables = (db: Database) =>
  db.withSchema('performance').withTables<{
    signal_interval: SignalIntervalRow
    run: RunRow
    count_step: CountStepRow
    count_gap: CountGapRow
    counter_note: CounterNoteRow
    reason_code: ReasonCodeRow
    progress: ProgressRow
  }>()
