import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

/** Somebody the provider knows. */
export interface Account {
  readonly sub: string
  readonly name: string
  readonly preferred_username: string
  readonly email?: string
  readonly groups: readonly string[]
}

/** A real OpenID provider on loopback that signs in whoever stands before it, without asking. */
export interface OpenProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Who signs in next. */
  account: Account
  /** Requests that reached it, by path. */
  readonly seen: string[]
  close(): Promise<void>
}

/** @param plantUrl where the plant stands that is its client; asked when the provider is first needed */
export async function startOpenProvider(
  plantUrl: () => string,
  providerName: string,
  account: Account,
): Promise<OpenProvider> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const clientId = 'throughline'
  const clientSecret = 'a secret that only the two of us share'
  const known = new Map<string, Account>()
  const self: OpenProvider = { issuer, clientId, clientSecret, account, seen: [], close: () => closeServer(server) }
  const client = (id: string) => ({
    client_id: id,
    client_secret: clientSecret,
    redirect_uris: [`${plantUrl()}/sign-in/with/${providerName}/callback`],
    post_logout_redirect_uris: [`${plantUrl()}/sign-in`],
    backchannel_logout_uri: `${plantUrl()}/sign-in/with/${providerName}/logout`,
    backchannel_logout_session_required: true,
  })
  const build = (): Provider => {
    const provider = new Provider(issuer, {
      clients: [client(clientId), client('another-client')],
      cookies: { keys: ['a key of this test'] },
      claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups'], email: ['email'] },
      // Its own way to the network refuses loopback, where this plant stands.
      fetch: (url, { method, headers, body, signal } = {}) =>
        fetch(url, { method: method ?? 'GET', headers: headers ?? {}, body: body ?? null, signal: signal ?? null }),
      pkce: { required: () => true },
      ttl: { Interaction: 600, Session: 3600, Grant: 3600, IdToken: 3600, AccessToken: 3600, AuthorizationCode: 60 },
      features: {
        devInteractions: { enabled: false },
        backchannelLogout: { enabled: true },
        rpInitiatedLogout: {
          enabled: true,
          logoutSource: (context, form) => {
            context.body = form
              .replace('<form', '<form data-logout="yes"')
              .replace('</form>', '<button name="logout" value="yes">Sign out</button></form>')
          },
        },
      },
      interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
      findAccount: (_, sub) => {
        const found = known.get(sub)
        return found && { accountId: sub, claims: () => ({ ...found, groups: [...found.groups] }) }
      },
      async loadExistingGrant(context) {
        const { client: asking, session } = context.oidc
        const grant = new provider.Grant({ clientId: asking?.clientId ?? '', accountId: session?.accountId ?? '' })
        grant.addOIDCScope('openid profile email')
        await grant.save()
        return grant
      },
    })
    return provider
  }
  let built: Provider | undefined
  server.on('request', (request, response) => {
    built ??= build()
    const provider = built
    self.seen.push(`${request.method} ${(request.url ?? '').split('?')[0]}`)
    if (request.url?.startsWith('/interaction/')) {
      known.set(self.account.sub, self.account)
      provider
        .interactionFinished(request, response, { login: { accountId: self.account.sub, remember: false } })
        .catch((error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))))
      return
    }
    void provider.callback()(request, response)
  })
  return self
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
