import { getRetention, openSession } from '@throughline/model'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

let status = 200
let kind = ''
let ended = 0

beforeEach(() => {
  ended = 0
  vi.stubGlobal('fetch', () =>
    Promise.resolve(
      Response.json(
        status === 200
          ? { rawDays: null, minuteDays: null }
          : {
              type: 'about:blank',
              title: 'x',
              status,
              detail: 'Sign in first',
              code: `identity.${kind}`,
              kind,
              instance: 'req-1',
            },
        { status },
      ),
    ),
  )
  vi.resetModules()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

/** The client holds on to `fetch` when it is made, so it is loaded after the fake. */
async function freshClient() {
  const { client, sessionEnd } = await import('./client.ts')
  sessionEnd.addEventListener('ended', () => {
    ended += 1
  })
  return client
}

test('an answer is handed on, and ends no session', async () => {
  status = 200
  const client = await freshClient()
  expect(await client(getRetention, {})).toEqual({ rawDays: null, minuteDays: null })
  expect(ended).toBe(0)
})
test('a session that the server no longer knows is told, and the caller still gets the error', async () => {
  status = 401
  kind = 'unauthenticated'
  const client = await freshClient()
  await expect(client(getRetention, {})).rejects.toMatchObject({ kind: 'unauthenticated' })
  expect(ended).toBe(1)
})
test('a wrong password is no ended session', async () => {
  status = 401
  kind = 'unauthenticated'
  const client = await freshClient()
  await expect(client(openSession, { name: 'a', password: 'b' })).rejects.toMatchObject({ kind: 'unauthenticated' })
  expect(ended).toBe(0)
})
test('a missing permission is no ended session', async () => {
  status = 403
  kind = 'forbidden'
  const client = await freshClient()
  await expect(client(getRetention, {})).rejects.toMatchObject({ kind: 'forbidden' })
  expect(ended).toBe(0)
})
