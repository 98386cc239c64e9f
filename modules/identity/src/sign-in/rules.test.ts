import type { Instant } from '@throughline/kernel'
import { parseInstant, plusMs } from '@throughline/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SignInGate } from './gate.ts'
import { delayMs, longestDelayMs, originKey } from './rules.ts'

const start = parseInstant('2026-11-22T08:00:00Z') as Instant
const wrong = async (): Promise<undefined> => undefined
const right = async (): Promise<'ada'> => 'ada'

/** What came of one attempt: how long to wait, or what the check answered. */
async function tryOnce<Right>(
  gate: SignInGate,
  name: string,
  origin: string,
  now: Instant,
  check: () => Promise<Right | undefined>,
): Promise<{ waitMs: number; answer: Right | undefined }> {
  try {
    return { waitMs: 0, answer: await gate.attempt(name, origin, now, check) }
  } catch (error) {
    return { waitMs: (error as { details: { retryAfterMs: number } }).details.retryAfterMs, answer: undefined }
  }
}

test.each([
  [{ pair: 2, name: 2, origin: 2 }, 0],
  [{ pair: 3, name: 3, origin: 3 }, 1000],
  [{ pair: 4, name: 4, origin: 4 }, 2000],
  [{ pair: 8, name: 8, origin: 8 }, 30_000],
  [{ pair: 0, name: 9, origin: 0 }, 0],
  [{ pair: 0, name: 10, origin: 0 }, 1000],
  [{ pair: 0, name: 0, origin: 19 }, 0],
  [{ pair: 0, name: 0, origin: 22 }, 4000],
  [{ pair: 1e9, name: 1e9, origin: 1e9 }, longestDelayMs],
])('after failures of %o the delay is %d ms', (failures, ms) => {
  expect(delayMs(failures)).toBe(ms)
})

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:aaaa::1', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002:bbbb:cccc:dddd:eeee', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  [null, 'local'],
])('%s is counted as %s', (origin, key) => {
  expect(originKey(origin)).toBe(key)
})

describe('the gate', () => {
  const names = fc.constantFrom('ada', 'grace', 'emmy')
  const origins = fc.constantFrom('192.0.2.1', '192.0.2.2', '192.0.2.3', '2001:db8::1')
  const attack = fc.array(fc.record({ name: names, origin: origins, pauseMs: fc.integer({ min: 0, max: 5000 }) }), {
    maxLength: 120,
    size: 'max',
  })

  test('[SR-1.11!, P11-300d!] whatever others do, before and meanwhile, the right password is looked at within 30 seconds', async () => {
    let delayed = 0
    await fc.assert(
      fc.asyncProperty(attack, attack, async (before, meanwhile) => {
        const gate = new SignInGate()
        let now = start
        for (const { name, origin, pauseMs } of before) {
          now = plusMs(now, pauseMs)
          await tryOnce(gate, name, origin, now, wrong)
        }
        const first = await tryOnce(gate, 'ada', '198.51.100.9', now, right)
        expect(first.waitMs).toBeLessThanOrEqual(longestDelayMs)
        if (first.answer === 'ada') return
        delayed++
        const promised = plusMs(now, first.waitMs)
        for (const { name, origin, pauseMs } of meanwhile) {
          now = plusMs(now, pauseMs)
          if (now >= promised) break
          await tryOnce(gate, name, origin, now, wrong)
        }
        expect(await tryOnce(gate, 'ada', '198.51.100.9', promised, right)).toEqual({ waitMs: 0, answer: 'ada' })
      }),
    )
    // Attacks that delay nobody would prove nothing.
    expect(delayed).toBeGreaterThan(10)
  })

  test('[SR-1.11!, P11-300d!] one origin gets no more guesses at a name than the free ones and one in each delay, however it asks', async () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 200, size: 'max' })
    await fc.assert(
      fc.asyncProperty(pauses, async (list) => {
        const gate = new SignInGate()
        let now = start
        let guesses = 0
        for (const pauseMs of list) {
          now = plusMs(now, pauseMs)
          await tryOnce(gate, 'ada', '192.0.2.1', now, async () => {
            guesses++
            return undefined
          })
        }
        // 3 free, then after 1, 2, 4, 8 and 16 s, then one each 30 s.
        expect(guesses).toBeLessThanOrEqual(8 + (now - start) / 1000 / longestDelayMs)
      }),
    )
  })

  test('[SR-1.11!] attempts that are sent all at once do not slip through before the first one has failed', async () => {
    const gate = new SignInGate()
    let guesses = 0
    const guess = async (): Promise<undefined> => {
      guesses++
      return undefined
    }
    await Promise.all(Array.from({ length: 50 }, () => tryOnce(gate, 'ada', '192.0.2.1', start, guess)))
    expect(guesses).toBe(3)
  })

  test('[SR-7.1!] no more than ten passwords are checked at one moment', async () => {
    const gate = new SignInGate()
    const held: (() => void)[] = []
    const slow = () => new Promise<'ada'>((resolve) => held.push(() => resolve('ada')))
    const all = Array.from({ length: 12 }, (_, n) => tryOnce(gate, `person-${n}`, `192.0.2.${n}`, start, slow))
    expect(held.length).toBe(10)
    for (const release of held) release()
    const answers = await Promise.all(all)
    expect(answers.filter((each) => each.waitMs > 0).length).toBe(2)
  })

  test('the right password clears the failures of that name at that origin', async () => {
    const gate = new SignInGate()
    for (const _attempt of [1, 2]) await tryOnce(gate, 'ada', '192.0.2.1', start, wrong)
    expect((await tryOnce(gate, 'ada', '192.0.2.1', start, right)).answer).toBe('ada')
    for (const _attempt of [1, 2]) {
      expect((await tryOnce(gate, 'ada', '192.0.2.1', start, wrong)).waitMs).toBe(0)
    }
  })

  test('[P11-300d!] who has just signed in at an origin is not delayed there by what others do elsewhere', async () => {
    const gate = new SignInGate()
    await tryOnce(gate, 'ada', '198.51.100.9', start, right)
    for (let n = 0; n < 40; n++) await tryOnce(gate, 'ada', `192.0.2.${n}`, start, wrong)
    expect((await tryOnce(gate, 'ada', '198.51.100.10', start, right)).waitMs).toBeGreaterThan(0)
    expect((await tryOnce(gate, 'ada', '198.51.100.9', start, right)).answer).toBe('ada')
  })

  test('a check that breaks down is no failed sign-in', async () => {
    const gate = new SignInGate()
    const broken = () => Promise.reject(new Error('the database is away'))
    for (const _attempt of [1, 2, 3, 4, 5]) {
      await expect(gate.attempt('ada', '192.0.2.1', start, broken)).rejects.toThrow('database is away')
    }
    expect((await tryOnce(gate, 'ada', '192.0.2.1', start, right)).answer).toBe('ada')
  })

  test('failures are forgotten after a quarter of an hour', async () => {
    const gate = new SignInGate()
    for (const _attempt of [1, 2, 3]) await tryOnce(gate, 'ada', '192.0.2.1', start, wrong)
    expect((await tryOnce(gate, 'ada', '192.0.2.1', start, wrong)).waitMs).toBeGreaterThan(0)
    const later = plusMs(start, 15 * 60_000 + 1)
    for (const _attempt of [1, 2, 3]) {
      expect((await tryOnce(gate, 'ada', '192.0.2.1', later, wrong)).waitMs).toBe(0)
    }
  })
})
