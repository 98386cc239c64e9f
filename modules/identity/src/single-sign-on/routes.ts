import { DomainError } from '@throughline/kernel'
import { beginSingleSignOn, completeSingleSignOn, endSessionsByProvider } from '@throughline/model'
import type { Platform, RawAnswer } from '@throughline/platform'

/** Binds a sign-in to the browser that began it; it must survive the way back from another site, so it is not `Strict`. */
const cookie = 'throughline-sign-in'
/** Of a device that was set up; on a wall nobody signs in, and the operation is refused to the wall. */
const terminalCookie = 'throughline-station'
const endOfCookie = { name: cookie, value: '', maxAgeSeconds: 0 }

/**
 * The three addresses that an OpenID provider needs: a browser is sent away from the first and back to the second, and
 * the third is called by the provider itself.
 */
export function mountSignInRoutes(platform: Platform): void {
  platform.route({
    method: 'GET',
    path: '/sign-in/with/:provider',
    async answer({ params, search, baseUrl, actor: { origin }, cookie: held }) {
      const terminal = held(terminalCookie)
      const actor = await platform.authenticate(terminal === undefined ? {} : { terminal }, origin)
      const to = new URLSearchParams(search).get('to')
      try {
        const begun = await platform.run(beginSingleSignOn, actor, {
          provider: params['provider'] ?? '',
          baseUrl,
          ...(to === null ? {} : { to }),
        })
        const { address, browser, maxAgeSeconds } = begun
        return { status: 303, location: address, cookies: [{ name: cookie, value: browser, maxAgeSeconds }] }
      } catch (error) {
        return backToSignIn(error)
      }
    },
  })

  platform.route({
    method: 'GET',
    path: '/sign-in/with/:provider/callback',
    async answer(request) {
      try {
        const { to } = await platform.run(
          completeSingleSignOn,
          request.actor,
          { provider: request.params['provider'] ?? '', search: request.search, browser: request.cookie(cookie) ?? '' },
          { session: request.session },
        )
        return { status: 303, location: to, cookies: [endOfCookie] }
      } catch (error) {
        return { ...backToSignIn(error), cookies: [endOfCookie] }
      }
    },
  })

  platform.route({
    method: 'POST',
    path: '/sign-in/with/:provider/logout',
    async answer({ params, form, actor }) {
      const logoutToken = form.get('logout_token') ?? ''
      await platform.run(endSessionsByProvider, actor, { provider: params['provider'] ?? '', logoutToken })
      return { status: 200 }
    },
  })
}

/** A person stands before this browser: they are led back to a page that says in words what was wrong. */
function backToSignIn(error: unknown): RawAnswer {
  if (!(error instanceof DomainError) || error.kind === 'defect') throw error
  const told = new URLSearchParams({ refused: error.code })
  return { status: 303, location: `/sign-in?${told}` }
}
