import type { Tables } from '@throughline/platform'
import type { Kysely } from 'kysely'

/** The module's own tables, in the PostgreSQL schema `identity`. */
type IdentityTables = {
  'identity.person': PersonRow
  'identity.person_grant': { person_id: string; role: string; node_id: string | null }
  'identity.activation_link': ActivationLinkRow
  'identity.session': SessionRow
  'identity.machine_account': MachineAccountRow
  'identity.machine_account_grant': { account_id: string; role: string; node_id: string | null }
}

export interface PersonRow {
  id: string
  name: string
  printed_name: string
  state: 'invited' | 'active' | 'disabled'
  password_hash: string | null
  created_at: number
  disabled_at: number | null
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
  absolute_end_at: number
  ended_at: number | null
  ended_by: 'sign-out' | 'rotation' | 'new-password' | 'disabling' | null
}

export interface MachineAccountRow {
  id: string
  name: string
  state: 'active' | 'revoked'
  key_hint: string
  key_hash: Buffer
  created_at: number
  revoked_at: number | null
}

/** The same transaction or pool, knowing this module's tables. */
export const inIdentity = (db: Kysely<Tables>): Kysely<Tables & IdentityTables> => db.withTables<IdentityTables>()
