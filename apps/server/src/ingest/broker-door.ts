import { randomBytes } from 'node:crypto'
import type { BrokerRights } from '@throughline/broker'
import type { Platform } from '@throughline/platform'

/** The server's own account at its broker: a password that lives as long as the process. */
export const serverAccount = { username: 'throughline-server', password: randomBytes(32).toString('base64url') }

/**
 * Who may do what at the embedded broker: machine accounts with their API key as password. An edge agent speaks on its
 * own branch and takes part in Sparkplug; whoever may read samples may read the unified namespace.
 */
export function brokerDoor(platform: Platform) {
  return async (username: string, password: string): Promise<BrokerRights | null> => {
    if (username === serverAccount.username) {
      return password === serverAccount.password ? { publish: ['#'], subscribe: ['#'] } : null
    }
    const actor = await platform.authenticate({ apiKey: password }, null)
    if (actor.kind !== 'machine' || actor.name !== username) return null
    const may = (permission: 'historian.sample.append' | 'historian.sample.read'): boolean =>
      actor.grants.some((grant) => grant.nodeId === null && grant.permissions.has(permission))
    const own = `throughline/v1/${username}/#`
    return {
      publish: may('historian.sample.append') ? [own, 'spBv1.0/#'] : [],
      subscribe: [
        ...(may('historian.sample.append') ? [own, 'spBv1.0/#'] : []),
        ...(may('historian.sample.read') ? ['uns/#', 'spBv1.0/#'] : []),
      ],
    }
  }
}
