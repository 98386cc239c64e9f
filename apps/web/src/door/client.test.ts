import { getRetention, openSession, setRetention, stepUp } from '@throughline/model'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

let status = 200
let kind = ''
let code = ''
let ended = 0
let asked = 0
let keys: (string | null)[] = []

beforeEach(() => {
  ended = 0
  asked = 0
  keys = []
  code = ''
  vi.stubGlobal('fetch', (_address: string, init: RequestInit) => {
    keys.push(new Headers(init.headers).get('idempotency-key'))
    return Promise.resolve(
      Response.json(
        status === 200
          ? { rawDays: null, minuteDays: null }
          : {
              type: 'about:blank',
              title: 'x',
              status,
              detail: 'Sign in first',
              code: code === '' ? `identity.${kind}` : code,
              kind,
              instance: 'req-1',
            },
        { status },
      ),
    )
  })
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
test('while somebody signs out, the end of the session is no news; after a sign-out that failed it is again', async () => {
  status = 401
  kind = 'unauthenticated'
  const client = await freshClient()
  const { leave, tellSessionEnd } = await import('./client.ts')
  await leave(async () => {
    tellSessionEnd()
    await client(getRetention, {}).catch(() => undefined)
  })
  expect(ended).toBe(0)
  await expect(leave(() => Promise.reject(new Error('no way to the server')))).rejects.toThrow('no way')
  tellSessionEnd()
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

/** A page whose person, when asked to prove themselves, does so or would rather not. */
async function attendedClient(answer: boolean) {
  const client = await freshClient()
  const { proofDesk } = await import('./proof-desk.ts')
  proofDesk.attend(async (cause) => {
    asked += 1
    expect(cause).toBe('step-up')
    if (answer) status = 200
    return answer
  })
  return client
}
const wanted = { rawDays: null, minuteDays: null, reason: 'the disk is full' }

test('what needs a fresh proof is asked again once it is given, with the same key, and all waiting calls by one proof', async () => {
  status = 401
  kind = 'unauthenticated'
  code = 'identity.step-up-needed'
  const client = await attendedClient(true)
  const answers = await Promise.all([client(setRetention, wanted), client(setRetention, wanted)])
  expect(answers).toEqual([
    { rawDays: null, minuteDays: null },
    { rawDays: null, minuteDays: null },
  ])
  expect(asked).toBe(1)
  expect(keys).toHaveLength(4)
  expect(new Set(keys).size).toBe(2)
  expect(ended).toBe(0)
})
test('who would rather not prove themselves gets the refusal, and is still signed in', async () => {
  status = 401
  kind = 'unauthenticated'
  code = 'identity.step-up-needed'
  const client = await attendedClient(false)
  await expect(client(setRetention, wanted)).rejects.toMatchObject({ code: 'identity.step-up-needed' })
  expect([asked, ended]).toEqual([1, 0])
})
test('a proof that was wrong ends no session, and asks for none', async () => {
  status = 401
  kind = 'unauthenticated'
  code = 'identity.proof-refused'
  const client = await attendedClient(true)
  await expect(client(stepUp, { password: 'wrong' })).rejects.toMatchObject({ code: 'identity.proof-refused' })
  expect([asked, ended]).toEqual([0, 0])
})
