import type { Tables } from '@throughline/platform'
import type { ColumnType, Kysely } from 'kysely'

/** Tables of people, sessions and terminals that are proved elsewhere than by a password kept here. */
type OutsideTables = {
  'identity.person': { id: string; kind: PersonKind; state: string; name: string }
  'identity.outside_identity': { person_id: string; source: string; subject: string; since: number }
  'identity.single_sign_on_attempt': {
    state_hash: Buffer
    browser_hash: Buffer
    provider: string
    nonce: string
    code_verifier: string
    redirect_uri: string
    return_to: string
    expires_at: number
  }
  'identity.single_sign_on_session': {
    session_id: string
    provider: string
    subject: string
    sid: string | null
    id_token: string
    base_url: string
  }
  'identity.logout_token_use': { provider: string; jti: string; expires_at: number }
  'identity.station': StationRow
  'identity.session': {
    id: string
    person_id: string
    opened_at: number
    ended_at: number | null
    ended_by: string | null
    station_id: string | null
    idle_timeout_ms: number | null
  }
  'identity.badge': BadgeRow
  'identity.pin': { person_id: string; pin_hash: string; set_at: number }
  'identity.pin_failure': { person_id: string; failures: number }
}

/** Who proves a person: this plant by a password, a directory, or a provider of single sign-on. */
export type PersonKind = 'local' | 'directory' | 'single-sign-on'

export interface StationRow {
  id: string
  name: string
  node_id: string
  kind: 'terminal' | 'wall'
  sign_in: ColumnType<string[], string[], never>
  idle_timeout_ms: number
  token_hash: Buffer
  state: 'registered' | 'retired'
  registered_at: number
  retired_at: number | null
}

export interface BadgeRow {
  id: string
  person_id: string
  code_hash: Buffer
  ending: string
  state: 'active' | 'revoked'
  issued_at: number
  revoked_at: number | null
}

/** The same transaction or pool, knowing these tables. */
export const inOutside = (db: Kysely<Tables>): Kysely<Tables & OutsideTables> => db.withTables<OutsideTables>()
