import { once } from 'node:events'
import type { Id } from '@throughline/kernel'
import { newId } from '@throughline/kernel'
import {
  disablePerson,
  listSessions,
  lockSession,
  retireStation,
  revokeMachineAccount,
  setPersonGrants,
  terminateSession,
} from '@throughline/model'
import { systemActor } from '@throughline/platform'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Caller } from '../testing/callers.ts'
import { PlantOfCallers, shutOut } from '../testing/callers.ts'

const world = new PlantOfCallers()
beforeAll(() => world.start(), 120_000)
afterAll(() => world.stop(), 60_000)

describe('the live line', () => {
  const dial = (path: string, headers: Record<string, string>) =>
    new WebSocket(`${world.plant.url.replace('http', 'ws')}${path}`, { headers })
  const refusalOf = async (socket: WebSocket): Promise<number | undefined> => {
    const [, response] = await once(socket, 'unexpected-response')
    socket.on('error', () => {})
    socket.terminate()
    return response.statusCode
  }

  test.each(['nobody', 'a wrong API key', 'an unknown session', ...shutOut])(
    '[P11-10d!, SR-1.1!, SR-2.1!] %s is told to sign in',
    async (name) => {
      const [code] = await once(dial('/live', world.named(name).headers), 'close')
      expect(code).toBe(4401)
    },
  )

  test('[SR-2.5!] a locked session is told to prove anew who is there', async () => {
    const [code] = await once(dial('/live', world.named('a locked session').headers), 'close')
    expect(code).toBe(4423)
  })

  const system = systemActor('test')
  const reason = 'the end of an open line'
  /** What is done to somebody whose line is open, and the code with which it closes. */
  const ends: readonly [string, (personId: Id<'Person'>, headers: Caller['headers']) => Promise<unknown>, number][] = [
    [
      'terminating the session',
      async (personId) => {
        const open = await world.plant.platform.run(listSessions, system, {})
        const sessionId = open.find((session) => session.personId === personId)?.id ?? newId<'Session'>()
        await world.plant.platform.run(terminateSession, system, { sessionId, reason })
      },
      4401,
    ],
    ['disabling the person', (personId) => world.plant.platform.run(disablePerson, system, { personId, reason }), 4401],
    [
      'taking a role away',
      (personId) => {
        const grants = [{ role: 'auditor' as const, nodeId: null }]
        return world.plant.platform.run(setPersonGrants, system, { personId, grants, reason })
      },
      4401,
    ],
    ['locking the session', (_, headers) => world.post(lockSession.name, {}, headers), 4423],
  ]
  test.each(ends)('[P11-300b!, SR-2.6!] %s ends an open line', async (how, end, expected) => {
    const { actor, headers } = await world.person(`line-${how.split(' ')[0]}`, ['operator'], 'plant')
    const socket = dial('/live', headers)
    await once(socket, 'open')
    const closed = once(socket, 'close')
    await end(actor as Id<'Person'>, headers)
    expect((await closed)[0]).toBe(expected)
  })

  test('[P11-300b!, SR-2.6!] revoking a key ends an open line', async () => {
    const { actor, headers } = await world.machine('line-reader', 'plant', null)
    const socket = dial('/live', headers)
    await once(socket, 'open')
    const closed = once(socket, 'close')
    const accountId = actor as Id<'MachineAccount'>
    await world.plant.platform.run(revokeMachineAccount, system, { accountId, reason })
    expect((await closed)[0]).toBe(4401)
  })

  test('[SR-2.1, SR-2.6!] a board on the wall hears the line without a person, until it is retired', async () => {
    const { actor, headers } = await world.wall('line-board')
    const socket = dial('/live', headers)
    // A frame means that it was let in: a stranger's line opens too, and is closed with the reason.
    await once(socket, 'message')
    const closed = once(socket, 'close')
    await world.plant.platform.run(retireStation, system, { stationId: actor as Id<'Station'>, reason })
    expect((await closed)[0]).toBe(4401)
  })

  test('[SR-3.8!] a page of another web site is told to a board as to a stranger', async () => {
    const { headers } = world.named('a board on the wall')
    const foreign = { ...headers, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    expect((await once(dial('/live', foreign), 'close'))[0]).toBe(4401)
  })

  test('[SR-3.8!] a page of another web site is refused, whatever session its browser holds', async () => {
    const { headers } = world.named('operator')
    const foreign = { ...headers, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    expect(await refusalOf(dial('/live', foreign))).toBe(403)
  })

  test('[SR-7.7!] there is no other line', async () => {
    expect(await refusalOf(dial('/other', world.named('operator').headers))).toBe(404)
  })
})
