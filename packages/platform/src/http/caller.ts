import type { IncomingHttpHeaders } from 'node:http'
import { DomainError } from '@throughline/kernel'
import { unattendedHeader } from '@throughline/model'
import type { Actor } from '../door/actor.ts'
import type { Platform } from '../platform.ts'

/** Over HTTPS the name binds the cookie to this very host; on plain loopback browsers refuse that prefix. */
export const cookieName = (secure: boolean): string => (secure ? '__Host-throughline' : 'throughline')

/** The cookie of a terminal that was set up: it says where a request comes from, and nothing of who works there; a board on the wall it lets read. */
export const terminalCookieName = (secure: boolean): string => `${cookieName(secure)}-station`

/** Who calls, from the request's cookies or its bearer key. */
export async function callerOf(
  platform: Platform,
  headers: IncomingHttpHeaders,
  origin: string | null,
  secure: boolean,
): Promise<Actor> {
  const apiKey = bearerOf(headers.authorization)
  const session = apiKey === undefined ? cookieOf(headers.cookie, cookieName(secure)) : undefined
  const isOurs = isSameSite(headers)
  if (session !== undefined && !isOurs) throw crossSite()
  // Another site's page learns nothing from the board behind which it was opened, and is no fault of the board's.
  const terminal = apiKey === undefined && isOurs ? cookieOf(headers.cookie, terminalCookieName(secure)) : undefined
  return platform.authenticate(
    {
      ...(session === undefined ? {} : { session }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(terminal === undefined ? {} : { terminal }),
    },
    origin,
    headers[unattendedHeader] === undefined ? 'attended' : 'unattended',
  )
}

/**
 * A request that carries a cookie must come from our own pages (CSRF). Browsers say so in `Sec-Fetch-Site`; older ones
 * in `Origin`; a caller that says neither is no browser, and has no cookie that somebody else made it send.
 */
function isSameSite(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site']
  if (site === 'same-origin' || site === 'none') return true
  const from = headers.origin
  return site === undefined && (from === undefined || URL.parse(from)?.host === headers.host)
}

const crossSite = (): DomainError =>
  new DomainError('forbidden', 'platform.cross-site', 'This request came from another web site and is refused')

function bearerOf(authorization: string | undefined): string | undefined {
  return authorization?.startsWith('Bearer ') ? authorization.slice(7).trim() : undefined
}

/** The value of one cookie of the request. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const [key, ...value] = part.trim().split('=')
    if (key === name) return value.join('=')
  }
  return undefined
}
