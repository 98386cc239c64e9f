import { isIP } from 'node:net'
import { DomainError } from '@throughline/kernel'

/** What passkeys of this plant are bound to. */
export interface RelyingParty {
  /** The host name; a key made for it works nowhere else. */
  readonly id: string
  /** The one address of the pages, as a browser writes it: `https://plant.example`. */
  readonly origin: string
}

/**
 * The relying party of the pages at `origin`.
 * @throws DomainError `unavailable` where browsers allow no passkeys: no address yet, an IP address, or plain HTTP
 */
export function relyingPartyAt(origin: string | null): RelyingParty {
  const url = origin === null ? null : URL.parse(origin)
  const host = url?.hostname ?? ''
  const isSecure = url?.protocol === 'https:' || host === 'localhost' || host.endsWith('.localhost')
  if (url === null || !isSecure || isIP(host.replaceAll(/[[\]]/g, '')) !== 0) {
    throw new DomainError(
      'unavailable',
      'identity.passkeys-unavailable',
      'Passkeys need pages at HTTPS with a host name, or at localhost: set THROUGHLINE_ORIGIN to the address that people use',
    )
  }
  return { id: host, origin: url.origin }
}
