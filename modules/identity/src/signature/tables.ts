/** Tables of signatures and of what proves their signers. */
export type SignatureTables = {
  'identity.signature': SignatureRow
  'identity.signing_series': { session_id: string; origin: string | null; began_with: string; last_signed_at: number }
  'identity.signing_attempt': { person_id: string; failed_at: string; locked_until: number | null }
  'identity.signing_statement': { challenge: string; session_id: string; statement: string; expires_at: number }
}

export interface SignatureRow {
  id: string
  record_kind: string
  record_id: string
  record_version: number
  record_hash: string
  meaning: string
  reason: string
  person_id: string
  printed_name: string
  signed_at: number
  local_time: string
  components: string
  manifest: string
  manifest_hash: string
}
