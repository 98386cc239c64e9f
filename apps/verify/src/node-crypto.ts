import { createPublicKey, hash, verify } from 'node:crypto'
import type { Crypto } from './crypto.ts'

/** Node's own cryptography. */
export const nodeCrypto: Crypto = {
  sha256: (data) => hash('sha256', data, 'buffer'),
  async verifyEd25519(publicKey, message, signature) {
    try {
      const x = Buffer.from(publicKey).toString('base64url')
      const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
      return verify(null, message, key, signature)
    } catch {
      return false
    }
  },
}
