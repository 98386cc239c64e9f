import type { Crypto } from './crypto.ts'
import { sha256 } from './sha256.ts'

/** The browser's cryptography; hashes are counted here (see sha256.ts). */
export const webCrypto: Crypto = {
  sha256,
  async verifyEd25519(publicKey, message, signature) {
    const subtle = globalThis.crypto?.subtle
    if (subtle === undefined) throw new Error(unsupported)
    const algorithm = { name: 'Ed25519' }
    let key: CryptoKey
    try {
      key = await subtle.importKey('raw', new Uint8Array(publicKey), algorithm, false, ['verify'])
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotSupportedError') throw new Error(unsupported)
      return false
    }
    return await subtle.verify(algorithm, key, new Uint8Array(signature), new Uint8Array(message))
  },
}

const unsupported =
  'This browser cannot check Ed25519 signatures, so nothing is said about the bundle. Chrome and Edge can from version 137, Firefox from 130, Safari from 17; or use the program under Node.js.'
