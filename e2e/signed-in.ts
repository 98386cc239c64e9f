import type { Client } from '@throughline/model'
import { activatePerson, approvePerson, createClient, invitePerson, openSession } from '@throughline/model'
import type { RunningPlant } from './plant.ts'

export const password = 'correct horse battery staple'

/** Sets the password by the one-time link, signs in, and answers a client with that session. */
export async function signedIn(plant: RunningPlant, name: string): Promise<Client> {
  const token = plant.activationLinks[name]?.split('#')[1] ?? ''
  await createClient({ baseUrl: plant.url })(activatePerson, { token, password })
  return await signedInAgain(plant, name)
}

/** Signs in somebody who has their password already. */
export async function signedInAgain(plant: Pick<RunningPlant, 'url'>, name: string): Promise<Client> {
  const answer = await fetch(`${plant.url}/api/${openSession.name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify({ name, password }),
  })
  if (!answer.ok) throw new Error(`${name} cannot sign in: ${await answer.text()}`)
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return createClient({ baseUrl: plant.url, headers: { cookie } })
}

/** Adds `double`, engineer and quality in one: to show what one person may not do alone, whatever roles they hold. */
export async function addDouble(plant: RunningPlant): Promise<void> {
  const admin = await signedIn(plant, 'admin')
  const manager = await signedIn(plant, 'manager')
  const grants = (['engineer', 'quality'] as const).map((role) => ({ role, nodeId: null }))
  const identityChecked = 'passport seen at the gate'
  const wanted = { name: 'double', printedName: 'Demo double', grants, identityChecked }
  const { person, activation } = await admin(invitePerson, wanted)
  const link = activation ?? (await manager(approvePerson, { personId: person.id })).activation
  await createClient({ baseUrl: plant.url })(activatePerson, { token: link.path.split('#')[1] ?? '', password })
}
