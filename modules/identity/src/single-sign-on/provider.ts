import type { Clock, Instant } from '@throughline/kernel'
import { DomainError, messageOf, plusMs, systemClock } from '@throughline/kernel'
import * as client from 'openid-client'
import type { Logger } from 'pino'
import type { LogoutClaims } from './logout-token.ts'
import { readLogoutToken } from './logout-token.ts'
import { assertClocksAgree, claimAt, clockToleranceS, textOf, wordsOf } from './rules.ts'
import type { SingleSignOnSettings } from './settings.ts'
import type { Attempt } from './store.ts'

type Settings = SingleSignOnSettings['providers'][number]

const timeoutS = 10
const metadataKeptMs = 3_600_000

/** What a provider says of somebody who has just signed in there. */
export interface ProvenSubject {
  readonly issuer: string
  readonly subject: string
  readonly name: string
  readonly printedName: string
  /** Words of the claim that roles are mapped from. */
  readonly groups: ReadonlySet<string>
  readonly sid: string | null
  readonly idToken: string
}

/** One provider of single sign-on, as OpenID Connect sees it. Only here the network is asked. */
export class Provider {
  readonly settings: Settings
  readonly #clock: Clock
  readonly #log: Logger
  #metadata: { readonly server: client.ServerMetadata; readonly until: Instant } | undefined

  constructor(settings: Settings, clock: Clock, log: Logger) {
    this.settings = settings
    this.#clock = clock
    this.#log = log.child({ part: 'single-sign-on', provider: settings.name })
  }

  /** Where a browser signs in, and what has to come back with it. */
  async begin(redirectUri: string): Promise<{ address: string; state: string; nonce: string; codeVerifier: string }> {
    const config = await this.#configuration()
    const [state, nonce, codeVerifier] = [client.randomState(), client.randomNonce(), client.randomPKCECodeVerifier()]
    const address = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: this.settings.scope,
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    })
    return { address: address.href, state, nonce, codeVerifier }
  }

  /**
   * Redeems what the browser came back with.
   * @throws DomainError `unauthenticated` when any of it is not what was asked for, `unavailable` when the provider is silent
   */
  async prove(attempt: Attempt, search: string, state: string): Promise<ProvenSubject> {
    const config = await this.#configuration()
    const { label, rolesClaim } = this.settings
    const tokens = await this.#asked(() =>
      client.authorizationCodeGrant(config, new URL(`${attempt.redirectUri}?${search}`), {
        expectedState: state,
        expectedNonce: attempt.nonce,
        pkceCodeVerifier: attempt.codeVerifier,
        idTokenExpected: true,
      }),
    )
    const idToken = tokens.id_token
    const told = tokens.claims()
    if (told === undefined || idToken === undefined) throw tokenInvalid(label)
    assertClocksAgree(label, told.iat, this.#clock.now())
    const more = await this.#moreClaims(config, tokens.access_token, told)
    const claims = { ...more, ...told }
    const name = textOf(claims, 'preferred_username', 'nickname', 'name') ?? 'person'
    return {
      issuer: told.iss,
      subject: told.sub,
      name,
      printedName: textOf(claims, 'name', 'preferred_username') ?? told.sub.slice(0, 60),
      groups: wordsOf(claimAt(claims, rolesClaim)),
      sid: textOf(claims, 'sid') ?? null,
      idToken,
    }
  }

  /** Reads a logout token with the provider's keys of this moment. */
  async readLogoutToken(token: string): Promise<LogoutClaims> {
    const config = await this.#configuration()
    const { issuer, jwks_uri: address } = config.serverMetadata()
    const keys = await this.#asked(async () => {
      const answer = await fetch(address ?? '', { redirect: 'error', signal: AbortSignal.timeout(timeoutS * 1000) })
      if (!answer.ok) throw new TypeError(`the keys cannot be read: HTTP ${answer.status}`)
      return (await answer.json()) as unknown
    })
    return readLogoutToken(token, { issuer, clientId: this.settings.clientId, now: this.#clock.now(), keys })
  }

  /** Where the browser signs out of the provider too; undefined where the provider offers no such thing. */
  async logoutAddress(idToken: string, backTo: string): Promise<string | undefined> {
    const config = await this.#configuration()
    if (config.serverMetadata().end_session_endpoint === undefined) return undefined
    return client.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri: backTo }).href
  }

  /** Many providers put groups into the answer for the user's data only. */
  async #moreClaims(
    config: client.Configuration,
    accessToken: string,
    told: Readonly<Record<string, unknown>> & { readonly sub: string },
  ): Promise<Record<string, unknown>> {
    const isEnough = claimAt(told, this.settings.rolesClaim) !== undefined && told['name'] !== undefined
    if (isEnough || config.serverMetadata().userinfo_endpoint === undefined) return {}
    return await this.#asked(() => client.fetchUserInfo(config, accessToken, told.sub))
  }

  async #configuration(): Promise<client.Configuration> {
    const { clientId, clientSecret } = this.settings
    const now = this.#clock.now()
    const metadata = {
      // The product has one clock, and what it shows is what a token's times are held against.
      [client.clockSkew]: Math.round((now - systemClock.now()) / 1e6),
      [client.clockTolerance]: clockToleranceS,
    }
    const authentication = clientSecret === null ? client.None() : client.ClientSecretBasic(clientSecret)
    const server = await this.#server(now)
    const config = new client.Configuration(server, clientId, metadata, authentication)
    config.timeout = timeoutS
    // By default a token that came over TLS is believed without its signature; not here.
    client.enableNonRepudiationChecks(config)
    if (new URL(this.settings.issuer).protocol === 'http:') client.allowInsecureRequests(config)
    return config
  }

  async #server(now: Instant): Promise<client.ServerMetadata> {
    if (this.#metadata !== undefined && now < this.#metadata.until) return this.#metadata.server
    const issuer = new URL(this.settings.issuer)
    const execute = issuer.protocol === 'http:' ? [client.allowInsecureRequests] : []
    const found = await this.#asked(() =>
      client.discovery(issuer, this.settings.clientId, undefined, client.None(), { execute, timeout: timeoutS }),
    )
    const server = found.serverMetadata()
    this.#metadata = { server, until: plusMs(now, metadataKeptMs) }
    return server
  }

  /** Asks the provider, and says in our words what is wrong; in the log stands what was wrong in theirs. */
  async #asked<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    try {
      return await question()
    } catch (error) {
      if (error instanceof DomainError) throw error
      this.#log.warn({ reason: messageOf(error), cause: messageOf((error as Error).cause) }, 'single sign-on failed')
      throw inOurWords(error, this.settings.label)
    }
  }
}

function inOurWords(error: unknown, label: string): DomainError {
  if (error instanceof client.AuthorizationResponseError) {
    return new DomainError(
      'unauthenticated',
      'identity.single-sign-on-declined',
      `${label} did not sign you in (${error.error.slice(0, 60)})`,
      {},
      error,
    )
  }
  if (error instanceof client.ResponseBodyError && error.status < 500) {
    return new DomainError(
      'unauthenticated',
      'identity.single-sign-on-code-refused',
      `${label} does not accept what the browser brought: sign in once more`,
      {},
      error,
    )
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED') {
    return new DomainError(
      'unauthenticated',
      'identity.single-sign-on-token-expired',
      `What ${label} says is out of date, or its clock and this server's differ by more than ${clockToleranceS} s`,
      {},
      error,
    )
  }
  const isTheirs = code.startsWith('OAUTH_') && !['OAUTH_TIMEOUT', 'OAUTH_RESPONSE_IS_NOT_CONFORM'].includes(code)
  return isTheirs ? tokenInvalid(label, error) : silent(label, error)
}

const tokenInvalid = (label: string, cause?: unknown): DomainError =>
  new DomainError(
    'unauthenticated',
    'identity.single-sign-on-token-invalid',
    `What ${label} says is not an answer to this sign-in: sign in once more`,
    {},
    cause,
  )

const silent = (label: string, cause: unknown): DomainError =>
  new DomainError(
    'unavailable',
    'identity.single-sign-on-unavailable',
    `${label} does not answer: try again later, or sign in with a password of this plant`,
    {},
    cause,
  )
