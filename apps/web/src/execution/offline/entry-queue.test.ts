import type { Id, Instant } from '@throughline/kernel'
import { QueuedEntry } from '@throughline/model'
import { expect, test } from 'vitest'
import { canonicalJson, sha256 } from './canonical-json.ts'
import type { Outcome, QueueContent, QueueDevice, QueueStorage } from './entry-queue.ts'
import { EntryQueue } from './entry-queue.ts'

const memory = (): QueueStorage => {
  let kept: string | undefined
  return {
    read: async () => (kept === undefined ? undefined : (JSON.parse(kept) as QueueContent)),
    write: async (content) => {
      kept = JSON.stringify(content)
    },
  }
}

async function device(): Promise<QueueDevice & { readonly publicKey: CryptoKey }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
  let last: Promise<unknown> = Promise.resolve()
  let at = 1_000_000
  return {
    publicKey,
    sign: async (text) => {
      const signed = await crypto.subtle.sign(
        { name: 'ECDSA', hash: 'SHA-256' },
        privateKey,
        new TextEncoder().encode(text),
      )
      return Buffer.from(signed).toString('base64')
    },
    now: () => {
      at += 1_000_000
      return at as Instant
    },
    alone: (run) => {
      const next = last.then(run)
      last = next.catch(() => undefined)
      return next
    },
  }
}

const made = (step: string) => ({
  id: crypto.randomUUID(),
  operation: 'execution.step.record' as const,
  personId: crypto.randomUUID() as Id<'Person'>,
  input: { step, value: { type: 'read' }, note: undefined },
})
const done = (entries: readonly QueuedEntry[]): Outcome[] =>
  entries.map(({ id }) => ({ id, outcome: 'recorded', message: null }))
const nothing = async (): Promise<void> => undefined

test('canonical JSON sorts names, leaves out what is undefined and prints numbers as ECMAScript does', () => {
  expect(canonicalJson({ b: 1e21, a: [true, null, 'ü"'], '€': 0.1, c: undefined })).toBe(
    '{"a":[true,null,"ü\\""],"b":1e+21,"€":0.1}',
  )
})

test('each entry names the hash of the one before it and is signed by the key of the device', async () => {
  const own = await device()
  const queue = new EntryQueue(memory(), own)
  await Promise.all(['a', 'b', 'c'].map((step) => queue.add(made(step))))
  const { waiting, end } = await queue.content()
  expect(waiting.map(({ sequence, input }) => [sequence, input['step']])).toEqual([
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
  ])
  let previous = '0'.repeat(64)
  for (const entry of waiting) {
    expect(QueuedEntry.parse(entry)).toEqual(entry)
    expect(entry.previous).toBe(previous)
    const { signature, ...content } = entry
    const text = new TextEncoder().encode(canonicalJson(content))
    const bytes = Buffer.from(signature, 'base64')
    const isSigned = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, own.publicKey, bytes, text)
    expect(isSigned).toBe(true)
    expect(bytes).toHaveLength(64)
    previous = await sha256(canonicalJson(entry))
  }
  expect(end).toEqual({ sequence: 3, hash: previous })
})

test('[A11-16] entries are delivered in their order, once, and leave when the page has seen what became of them', async () => {
  const storage = memory()
  const queue = new EntryQueue(storage, await device())
  for (const step of ['a', 'b']) await queue.add(made(step))
  const sent: string[][] = []
  const send = async (entries: readonly QueuedEntry[]): Promise<Outcome[]> => {
    sent.push(entries.map(({ input }) => String(input['step'])))
    return done(entries)
  }
  const waitingWhenSeen: number[] = []
  const seen = async () => waitingWhenSeen.push((await storage.read())?.waiting.length ?? 0)
  await Promise.all([queue.deliver(send, seen), queue.deliver(send, seen)])
  expect(sent).toEqual([['a', 'b']])
  expect(waitingWhenSeen).toEqual([2])
  await queue.add(made('c'))
  const last = await queue.deliver(send, nothing)
  expect(sent.at(-1)).toEqual(['c'])
  expect(last).toMatchObject({ waiting: [], end: { sequence: 3 } })
})

test('[A11-16!] what was sent without an answer stays and is sent again under the same id', async () => {
  const queue = new EntryQueue(memory(), await device())
  const { waiting } = await queue.add(made('a'))
  const cut = async (): Promise<Outcome[]> => {
    throw new Error('the line is cut')
  }
  await expect(queue.deliver(cut, nothing)).rejects.toThrow('the line is cut')
  expect((await queue.content()).waiting).toEqual(waiting)
  const known = async (entries: readonly QueuedEntry[]): Promise<Outcome[]> =>
    entries.map(({ id }) => ({ id, outcome: 'known', message: null }))
  expect((await queue.deliver(known, nothing)).waiting).toEqual([])
})

test('[A11-16!] a queue that is read again after a power cut goes on where it ended', async () => {
  const storage = memory()
  const own = await device()
  await new EntryQueue(storage, own).add(made('a'))
  const { waiting } = await new EntryQueue(storage, own).add(made('b'))
  expect(waiting[1]?.previous).toBe(await sha256(canonicalJson(waiting[0])))
})

test('what the plant refuses stays to be read with its reason until somebody has seen it, and the rest goes on', async () => {
  const queue = new EntryQueue(memory(), await device())
  for (const step of ['a', 'b']) await queue.add(made(step))
  const half = async (entries: readonly QueuedEntry[]): Promise<Outcome[]> =>
    entries.map(({ id }, index) =>
      index === 0
        ? { id, outcome: 'refused', message: 'Roll PP-1 is used up: take another' }
        : { id, outcome: 'recorded', message: null },
    )
  const { refused, waiting } = await queue.deliver(half, nothing)
  expect(waiting).toEqual([])
  expect(refused).toMatchObject([{ entry: { input: { step: 'a' } }, message: 'Roll PP-1 is used up: take another' }])
  expect((await queue.dismiss(refused[0]?.entry.id ?? '')).refused).toEqual([])
})

test('an answer that leaves an entry out ends the delivery and keeps that entry', async () => {
  const queue = new EntryQueue(memory(), await device())
  for (const step of ['a', 'b']) await queue.add(made(step))
  const { waiting } = await queue.deliver(async (entries) => done(entries.slice(0, 1)), nothing)
  expect(waiting).toMatchObject([{ input: { step: 'b' } }])
})
