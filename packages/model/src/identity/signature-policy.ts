import type { Permission } from '../permission.ts'
import type { SignatureMeaning } from './signature.ts'

/** One signature that a record needs: with this meaning, by somebody who holds this permission for the whole plant. */
export interface SignatureStep {
  readonly meaning: SignatureMeaning
  readonly permission: Permission
}

/** Which signatures a kind of record needs, in this order, each by another person. */
export interface SignaturePolicy {
  /** The kind of record as the ledger names it: `equipment.class_version`. */
  readonly record: string
  /** One record in words; `{column}` stands for that column of the record's main row: `Equipment class {name}, version {version}`. */
  readonly title: string
  /** What somebody needs to see the record, and so the signatures on it. */
  readonly read: Permission
  readonly steps: readonly SignatureStep[]
  /** Whether somebody who changed the record since it was last completely signed may sign it. */
  readonly authorMaySign: boolean
}

const policies = new Map<string, SignaturePolicy>()

/** States which signatures a kind of record needs; a second policy for one kind is a defect found at import. */
export function signaturePolicy(policy: SignaturePolicy): SignaturePolicy {
  if (policies.has(policy.record)) throw new Error(`Two signature policies are stated for ${policy.record}`)
  policies.set(policy.record, policy)
  return policy
}

/** Undefined = records of this kind need no signature; an operation of their own may still ask for one. */
export const findSignaturePolicy = (recordKind: string): SignaturePolicy | undefined => policies.get(recordKind)
