import { closeSession, getProviderLogout } from '@throughline/model'
import { client } from '../../door/client.ts'

/**
 * Signs out here, and answers where to go to be signed out of the provider too; null when no provider stands behind the
 * session.
 */
export async function signOutEverywhere(): Promise<string | null> {
  const { address } = await client(getProviderLogout, {}).catch(() => ({ address: null }))
  await client(closeSession, {})
  return address
}
