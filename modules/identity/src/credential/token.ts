import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 bits from the system's generator: nobody guesses it, so a plain SHA-256 of it is safe to keep. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** What is kept of a token; whoever reads the database cannot sign in with it. */
export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest()

const keyPrefix = 'tl_'
/** `tl_` and 12 characters: enough to find one account among many, far too few to help a guess at the other 31. */
const hintLength = keyPrefix.length + 12

/** A new API key; the prefix lets secret scanners recognise one that went astray. */
export const newApiKey = (): string => `${keyPrefix}${newToken()}`

/** The part of a key by which its account is found. */
export const keyHint = (key: string): string => key.slice(0, hintLength)

/** Whether the key is the one whose hash was kept, in a time that does not tell how much of it was right. */
export const isKeyOf = (key: string, keptHash: Buffer): boolean => timingSafeEqual(tokenHash(key), keptHash)
