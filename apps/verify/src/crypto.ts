/** All that the checker asks of the machine it runs on. */
export interface Crypto {
  sha256(data: Uint8Array): Uint8Array
  /** False for a key that is no key. Rejects only where the machine cannot check Ed25519 at all. */
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>
}
