import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

type Claims = Record<string, unknown>

/** How a token of the forger is made. */
export interface Forgery {
  readonly claims?: Claims
  readonly alg?: 'RS256' | 'none' | 'HS256'
  /** Signs with a key that is not in the published ones. */
  readonly foreignKey?: boolean
}

/** A provider that answers every code with whatever token a test makes: what a broken or hostile one could send. */
export interface Forger {
  readonly issuer: string
  readonly clientSecret: string
  /** What the next ID token is; the nonce is the one that was asked for unless the claims say otherwise. */
  next: Forgery
  nonce: string
  /** A signed token of these claims. */
  token(claims: Claims, forgery?: Forgery): string
  close(): Promise<void>
}

export async function startForger(nowS: () => number): Promise<Forger> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const clientSecret = 'known to the forger and to the plant'
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const forger: Forger = {
    issuer,
    clientSecret,
    next: {},
    nonce: '',
    token(claims, { alg = 'RS256', foreignKey = false } = {}) {
      const text = `${encode({ alg, kid: 'k1', typ: 'JWT' })}.${encode(claims)}`
      if (alg === 'none') return `${text}.`
      if (alg === 'HS256') return `${text}.${createHmac('sha256', clientSecret).update(text).digest('base64url')}`
      const key = foreignKey ? foreign.privateKey : own.privateKey
      return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`
    },
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  server.on('request', (request, response) => {
    const answer = (body: unknown): void => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(body))
    }
    const path = (request.url ?? '').split('?')[0]
    if (path === '/.well-known/openid-configuration') {
      return answer({
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      })
    }
    if (path === '/keys')
      return answer({ keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig' }] })
    const now = nowS()
    const honest = {
      iss: issuer,
      aud: 'plant',
      sub: 'rigel',
      iat: now,
      exp: now + 300,
      nonce: forger.nonce,
      name: 'Rigel',
      groups: ['operators'],
    }
    const idToken = forger.token({ ...honest, ...forger.next.claims }, forger.next)
    answer({ access_token: 'a', token_type: 'bearer', id_token: idToken })
  })
  return forger
}
