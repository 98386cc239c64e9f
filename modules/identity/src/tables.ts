import type { Tables } from '@throughline/platform'
import type { Generated, Kysely } from 'kysely'
import type { SecondFactorTables } from './second-factor-tables.ts'
import type { SignatureTables } from './signature/tables.ts'

/** The module's own tables, in the PostgreSQL schema `identity`. */
type IdentityTables = SecondFactorTables &
  SignatureTables & {
    'identity.person': PersonRow
    'identity.person_grant': PersonGrantRow
    'identity.activation_link': ActivationLinkRow
    'identity.session': SessionRow
    'identity.machine_account': MachineAccountRow
    'identity.machine_account_grant': { account_id: string; role: string; node_id: string | null }
    'identity.machine_account_use': { account_id: string; last_used_at: number }
    'identity.access_review': AccessReviewRow
    'identity.access_review_line': AccessReviewLineRow
  }

export interface PersonRow {
  id: string
  name: string
  printed_name: string
  state: PersonState
  password_hash: string | null
  created_at: number
  disabled_at: number | null
  identity_checked: Generated<string | null>
  invited_by: Generated<string | null>
  invited_by_name: Generated<string | null>
  approved_by: Generated<string | null>
  approved_by_name: Generated<string | null>
  approved_at: Generated<number | null>
  approval_exempt: Generated<string | null>
  state_before_disabling: Generated<PersonState | null>
}

type PersonState = 'awaiting-approval' | 'invited' | 'active' | 'disabled'

interface PersonGrantRow {
  person_id: string
  role: string
  node_id: string | null
  granted_at: Generated<number | null>
}

interface ActivationLinkRow {
  id: string
  person_id: string
  token_hash: Buffer
  made_at: number
  expires_at: number
  ended_at: number | null
  ended_by: 'use' | 'renewal' | 'disabling' | null
}

interface SessionRow {
  id: string
  person_id: string
  token_hash: Buffer
  origin: string | null
  opened_at: number
  last_used_at: number
  proved_at: number
  absolute_end_at: number
  ended_at: number | null
  ended_by: SessionEnd | null
  method: Generated<string | null>
  device: Generated<string | null>
  locked_at: Generated<number | null>
  ended_reason: Generated<string | null>
  /** Shorter than the plant's, where the session belongs to a station. */
  idle_timeout_ms: Generated<number | null>
}

/** Why a session ended before its time. */
export type SessionEnd =
  | 'sign-out'
  | 'rotation'
  | 'new-password'
  | 'new-grants'
  | 'disabling'
  | 'limit'
  | 'termination'
  | 'provider'
  | 'station'

export interface MachineAccountRow {
  id: string
  name: string
  state: 'active' | 'revoked'
  key_hint: string
  key_hash: Buffer
  created_at: number
  revoked_at: number | null
}

interface AccessReviewRow {
  id: string
  state: 'open' | 'completed'
  opened_at: number
  opened_by: string
  opened_by_name: string
  completed_at: number | null
  completed_by: string | null
  completed_by_name: string | null
  conclusion: string | null
}

export interface AccessReviewLineRow {
  review_id: string
  account_id: string
  account_kind: 'person' | 'machine'
  name: string
  printed_name: string | null
  state: string
  /** Written as JSON text. */
  grants: unknown
  last_seen_at: number | null
  dormant: boolean
  decision: 'keep' | 'change' | null
  comment: string | null
  decided_at: number | null
  decided_by: string | null
  decided_by_name: string | null
}

/** The same transaction or pool, knowing this module's tables. */
export const inIdentity = (db: Kysely<Tables>): Kysely<Tables & IdentityTables> => db.withTables<IdentityTables>()
