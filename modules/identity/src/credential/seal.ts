import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { DomainError } from '@throughline/kernel'

/** Keeps texts that must be read again (seeds, secrets of other systems) so that the database alone does not tell them. */
export interface Sealer {
  /** A text as it may be kept; the same text is sealed differently each time. */
  seal(text: string): string
  /** @throws DomainError `unavailable` when it was sealed with another key, or was altered */
  open(sealed: string): string
}

const form = 'v1'
const ivBytes = 12
const tagBytes = 16

/** Seals with AES-256-GCM; `key` has 32 bytes. */
export function sealWith(key: Buffer): Sealer {
  return {
    seal(text) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return `${form}.${Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')}`
    },
    open(sealed) {
      const [version, body = ''] = sealed.split('.')
      const bytes = Buffer.from(body, 'base64url')
      if (version !== form || bytes.length < ivBytes + tagBytes) throw unreadable()
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
        decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
        return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8')
      } catch (error) {
        throw unreadable(error)
      }
    },
  }
}

const unreadable = (cause?: unknown): DomainError =>
  new DomainError(
    'unavailable',
    'identity.seal-broken',
    'A sealed secret cannot be read: the file keys/identity.key is not the one it was sealed with; restore it from a backup',
    {},
    cause,
  )
