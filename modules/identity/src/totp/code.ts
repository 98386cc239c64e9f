import { createHash, randomBytes } from 'node:crypto'
import type { Instant } from '@throughline/kernel'
import { toMs } from '@throughline/kernel'
import { Secret, TOTP } from 'otpauth'

/** As RFC 6238 has it by default: the apps of all makers agree on nothing else. */
const stepSeconds = 30
const issuer = 'Throughline'
const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789'
const codeCount = 8

/** 160 bits, as RFC 4226 asks for. */
export const newSecret = (): string => new Secret({ size: 20 }).base32

/** The address that a QR code holds for the app. */
export const otpauthUri = (secret: string, personName: string): string => totpOf(secret, personName).toString()

/**
 * The time step whose code this is: the present one, the one before or the one after, for clocks that differ by less than
 * half a minute; undefined when it is none of them.
 */
export function stepOf(secret: string, code: string, at: Instant): number | undefined {
  const delta = totpOf(secret).validate({ token: code, timestamp: toMs(at), window: 1 })
  return delta === null ? undefined : Math.floor(toMs(at) / 1000 / stepSeconds) + delta
}

const totpOf = (secret: string, label = ''): TOTP =>
  new TOTP({ issuer, label, algorithm: 'SHA1', digits: 6, period: stepSeconds, secret: Secret.fromBase32(secret) })

/** Eight codes of 80 bits, in letters and digits that are not mistaken for each other. */
export const newRecoveryCodes = (): string[] => Array.from({ length: codeCount }, newRecoveryCode)

function newRecoveryCode(): string {
  // 32 letters divide 256: each is as likely as any other.
  const letters = [...randomBytes(16)].map((byte) => alphabet[byte % alphabet.length]).join('')
  return letters.replace(/(.{4})(?=.)/g, '$1-')
}

/** What is kept of a recovery code, however it was typed. */
export const recoveryCodeHash = (code: string): Buffer =>
  createHash('sha256')
    .update(code.toLowerCase().replaceAll(/[^a-z0-9]/g, ''))
    .digest()
