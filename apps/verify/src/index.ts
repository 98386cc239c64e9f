/** What a bundle may be found to be, in the order in which it is looked for. */
export type { Finding, FindingKind } from './finding.ts'
/** One leaf of a bundle as it was read. */
export type { SeenLeaf } from './leaves.ts'
/** Node's cryptography, to be handed to `verifyBundle`. */
export { nodeCrypto } from './node-crypto.ts'
/** The verifier key in a text that people hand on; undefined if there is none. */
export { findVerifierKey } from './trusted-key.ts'
/** Everything that was found out about a bundle. */
export type { Verdict } from './verdict.ts'
/** A verdict as plain text. */
export { printVerdict } from './verdict.ts'
/** What is asked, and of which machine. */
export type { Question } from './verify.ts'
/** Judges a bundle: bytes, or pieces of text, in order. Rejects only if the source does, or where Ed25519 is unknown. */
export { verifyBundle } from './verify.ts'
