import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { BlockList, isIP } from 'node:net'
import { DomainError } from '@throughline/kernel'

/** The server itself, its neighbours on the wire (cloud metadata is there), and what is no single host. */
const refused = new BlockList()
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 3],
] as const) {
  refused.addSubnet(net, prefix, 'ipv4')
}
for (const [net, prefix] of [
  ['::', 127],
  ['fe80::', 10],
  ['ff00::', 8],
  // An IPv4 address in the clothes of IPv6 (NAT64) reaches the same hosts.
  ['64:ff9b::', 96],
] as const) {
  refused.addSubnet(net, prefix, 'ipv6')
}

export const isRefusedAddress = (address: string): boolean =>
  refused.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

/**
 * Whether a webhook may go there, as far as the address itself tells; what its name stands for is looked at with each call.
 * @throws DomainError `invalid`
 */
export function assertWebhookAddress(url: string, allowLocal: boolean): void {
  const { protocol, username, password, hostname } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:') throw wrong(url, 'is neither https nor http')
  if (username !== '' || password !== '')
    throw wrong(url, 'holds a password, which everybody who reads the roster would see')
  const address = hostname.replace(/^\[|\]$/g, '')
  if (!allowLocal && isIP(address) !== 0 && isRefusedAddress(address)) {
    throw wrong(url, 'leads to this server itself or to its own link')
  }
}

/** The name's addresses, none of which may be a refused one: so the connection goes to what was looked at, and not elsewhere. */
export const lookupAllowed: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const addresses = found as LookupAddress[]
    const bad = error === null ? addresses.find(({ address }) => isRefusedAddress(address)) : undefined
    const fault =
      error ??
      (bad &&
        new DomainError('forbidden', 'alarm.webhook-refused', `${hostname} leads to ${bad.address}, which is refused`))
    if (fault !== undefined && fault !== null) done(fault, [])
    else if (options.all === true) done(null, addresses)
    else done(null, addresses[0]?.address ?? '', addresses[0]?.family)
  })
}

const wrong = (url: string, why: string): DomainError =>
  new DomainError('invalid', 'alarm.webhook-invalid', `The webhook ${url} ${why}`, { url })
