import { createPublicKey, verify } from 'node:crypto'
import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import { z } from 'zod'
import { clockToleranceS } from './rules.ts'

/** How a signature is checked; whatever is not here (`none` and shared secrets among it) is refused. */
const algorithms = {
  RS256: { keyType: 'RSA', hash: 'sha256', options: {} },
  ES256: { keyType: 'EC', hash: 'sha256', options: { dsaEncoding: 'ieee-p1363' } },
  EdDSA: { keyType: 'OKP', hash: null, options: {} },
} as const

const Header = z.object({
  alg: z.enum(Object.keys(algorithms) as (keyof typeof algorithms)[]),
  kid: z.string().optional(),
})

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout'

const LogoutClaims = z
  .object({
    iss: z.string(),
    aud: z.union([z.string(), z.array(z.string())]),
    iat: z.number(),
    exp: z.number().optional(),
    jti: z.string().min(1).max(200),
    sub: z.string().min(1).optional(),
    sid: z.string().min(1).optional(),
    events: z.object({ [logoutEvent]: z.looseObject({}) }),
    // A token with a nonce is an ID token, which must not pass for a logout token (2.4 of the specification).
    nonce: z.undefined().optional(),
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined, 'names neither a session nor a subject')
export type LogoutClaims = z.infer<typeof LogoutClaims>

const Keys = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional(), use: z.string().optional() })),
})

/** A token may be on its way for a while: a provider repeats what was not taken. */
const longestOnTheWayS = 300

/**
 * What a logout token says (OpenID Connect Back-Channel Logout 1.0, 2.6), once signature, issuer, audience and time are
 * those of the provider for us.
 * @throws DomainError `invalid` when it says something else, or nothing that could be believed
 */
export function readLogoutToken(
  token: string,
  expected: { issuer: string; clientId: string; now: Instant; keys: unknown },
): LogoutClaims {
  const [head = '', body = '', signature = '', ...more] = token.split('.')
  if (more.length > 0) throw refused('it is not a signed token')
  const header = Header.safeParse(parsed(head))
  if (!header.success) throw refused('it is not signed in a way that is accepted')
  if (!isSigned(header.data, `${head}.${body}`, signature, expected.keys)) throw refused('its signature is not theirs')
  const claims = LogoutClaims.safeParse(parsed(body))
  if (!claims.success) throw refused(z.prettifyError(claims.error))
  const { iss, aud, iat, exp } = claims.data
  if (iss !== expected.issuer) throw refused('it is of another issuer')
  if (![aud].flat().includes(expected.clientId)) throw refused('it is for another client')
  const nowS = expected.now / 1e6
  const isEarly = iat > nowS + clockToleranceS
  const isLate = exp === undefined ? iat < nowS - longestOnTheWayS - clockToleranceS : exp <= nowS - clockToleranceS
  if (isEarly || isLate) throw refused('it is not of this time')
  return claims.data
}

function isSigned(header: z.infer<typeof Header>, text: string, signature: string, jwks: unknown): boolean {
  const keys = Keys.safeParse(jwks)
  if (!keys.success) return false
  const { keyType, hash, options } = algorithms[header.alg]
  const fitting = keys.data.keys.filter(
    ({ kty, kid, use }) => kty === keyType && use !== 'enc' && (header.kid === undefined || kid === header.kid),
  )
  return fitting.some((jwk) => {
    try {
      const key = createPublicKey({ key: jwk, format: 'jwk' })
      return verify(hash, Buffer.from(text), { key, ...options }, Buffer.from(signature, 'base64url'))
    } catch {
      return false
    }
  })
}

function parsed(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

const refused = (why: string): DomainError =>
  new DomainError('invalid', 'identity.logout-token-refused', `The logout token is refused: ${why}`, {
    fields: [{ path: 'logoutToken', message: why }],
  })
