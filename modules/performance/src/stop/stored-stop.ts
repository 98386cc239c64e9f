import type { Id, Instant } from '@throughline/kernel'
import type { MachineState, Stop } from '@throughline/model'

/** A stop as its row holds it, without what is read beside it. */
export interface StoredStop {
  readonly id: Id<'Stop'>
  readonly nodeId: Id<'EquipmentNode'>
  readonly from: Instant
  readonly to: Instant | null
  readonly state: MachineState
  readonly label: string
  readonly minorBelowUs: number
  readonly reasonId: Id<'Reason'> | null
  readonly reasonBy: Stop['reasonBy']
  /** What the machine's reason tag said, whether a reason knows it or not. */
  readonly machineCode: string | null
  readonly order: string | null
  readonly product: string | null
  readonly causedBy: Id<'EquipmentNode'> | null
  readonly version: number
  /** Who changed it last, of the people; null = nobody did. */
  readonly changedBy: string | null
  readonly changedAt: Instant | null
  /** It begins where a person cut. */
  readonly cutFrom: boolean
  /** A person took several states together. */
  readonly joined: boolean
  readonly cameFrom: readonly Id<'Stop'>[]
  readonly replacedAt: Instant | null
}

/** An open stop is minor until it outlasts the threshold: what it is at `at`. */
export const isMinor = ({ from, to, minorBelowUs }: Pick<StoredStop, 'from' | 'to' | 'minorBelowUs'>, at: Instant) =>
  (to ?? at) - from < minorBelowUs
