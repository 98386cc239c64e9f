import { createHmac, hkdfSync } from 'node:crypto'

/** The key of badges, derived from the key of this plant so that one file serves both. */
export const badgeKey = (plantKey: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', plantKey, Buffer.alloc(0), 'throughline badge', 32))

/** What is kept of a badge. Readers give letters now large, now small: the same badge either way. */
export const badgeHash = (key: Buffer, code: string): Buffer =>
  createHmac('sha256', key).update(code.trim().toUpperCase()).digest()

/** Enough to tell somebody's badges apart, too little to copy one. */
export const badgeEnding = (code: string): string => code.trim().slice(-3)
