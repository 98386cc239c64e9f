import { hash, hashSync, parseOptions, verify } from '@node-rs/argon2'

/**
 * Argon2id above the least that OWASP's Password Storage Cheat Sheet asks for (19 MiB, 2 passes, 1 lane): one pass more.
 * The package's default algorithm is argon2id.
 */
const parameters = { memoryCost: 19_456, timeCost: 3, parallelism: 1 } as const

/** One text however a keyboard composed its characters (NIST SP 800-63B-4, 3.1.1.2). */
export const normal = (password: string): string => password.normalize('NFC')

export const hashPassword = (password: string): Promise<string> => hash(normal(password), parameters)

/** Hashed with the parameters of today: changes when they do. */
export function isHashedAsToday(passwordHash: string): boolean {
  const made = parseOptions(passwordHash)
  return made.memoryCost >= parameters.memoryCost && made.timeCost >= parameters.timeCost
}

/** The hash of a password that nobody has, to be checked where there is none. */
export const decoyHash = (): string => hashSync('nobody has this password', parameters)

/**
 * Whether the password is the one that was hashed. Without a hash (no such person, or no password yet) the decoy is
 * checked instead and the answer is no: the time it takes must not tell who exists.
 */
export async function isPasswordOf(password: string, passwordHash: string | null, decoy: string): Promise<boolean> {
  const right = await verify(passwordHash ?? decoy, normal(password))
  return right && passwordHash !== null
}
