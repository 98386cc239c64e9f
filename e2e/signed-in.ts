import type { Client } from '@throughline/model'
import { activatePerson, createClient, openSession } from '@throughline/model'
import type { RunningPlant } from './plant.ts'

export const password = 'correct horse battery staple'

/** Sets the password by the one-time link, signs in, and answers a client with that session. */
export async function signedIn(plant: RunningPlant, name: string): Promise<Client> {
  const token = plant.activationLinks[name]?.split('#')[1] ?? ''
  await createClient({ baseUrl: plant.url })(activatePerson, { token, password })
  const answer = await fetch(`${plant.url}/api/${openSession.name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify({ name, password }),
  })
  if (!answer.ok) throw new Error(`${name} cannot sign in: ${await answer.text()}`)
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return createClient({ baseUrl: plant.url, headers: { cookie } })
}
