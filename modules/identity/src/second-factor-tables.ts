import type { ColumnType } from 'kysely'

/** Tables of what people prove themselves with beside their password, and of the rules for it. */
export type SecondFactorTables = {
  'identity.totp': {
    id: string
    person_id: string
    sealed_secret: string
    made_at: number
    confirmed_at: number | null
    ended_at: number | null
    ended_by: 'renewal' | 'removal' | 'reset' | null
  }
  'identity.totp_use': { totp_id: string; last_step: number }
  'identity.recovery_code': {
    id: string
    totp_id: string
    code_hash: Buffer
    made_at: number
    ended_at: number | null
    ended_by: 'use' | 'renewal' | 'removal' | 'reset' | null
  }
  'identity.passkey': PasskeyRow
  'identity.passkey_use': { passkey_id: string; counter: number; last_used_at: number | null }
  'identity.challenge': {
    challenge: string
    purpose: 'register' | 'prove'
    person_id: string | null
    origin: string | null
    expires_at: number
  }
  'identity.sign_in_policy': {
    id: string
    version: number
    second_factor_roles: ColumnType<string[], string[], never>
    max_sessions: number
    idle_timeout_ms: number | null
    absolute_timeout_ms: number | null
    changed_at: number
  }
  'identity.sign_in_failure': SignInFailureRow
}

export interface PasskeyRow {
  id: string
  person_id: string
  name: string
  credential_id: string
  public_key: Buffer
  synced: boolean
  made_at: number
  ended_at: number | null
  ended_by: 'no-longer-used' | 'lost' | 'reset' | null
}

export interface SignInFailureRow {
  gate: string
  kind: 'pair' | 'name' | 'origin'
  key: string
  failures: number
  not_before: number
  at: number
}
