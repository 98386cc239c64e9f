import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DocumentAnswer, DocumentDescription } from '@throughline/model'
import { encodeDocumentChunk, findDocument, listAuditEntries, listDocuments } from '@throughline/model'
import type { BlobStore } from '@throughline/platform'
import { folderBlobStore, Platform, systemActor } from '@throughline/platform'
import type { TestDatabase } from '@throughline/testkit'
import { createTestDatabase, handClock } from '@throughline/testkit'
import pino from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Documents, ReceivedDocument } from './documents.ts'
import { openDocuments } from './documents.ts'

const clock = handClock()
const faults: string[] = []
const handled: ReceivedDocument[] = []
let database: TestDatabase
let platform: Platform
let home: string
let blobs: BlobStore
let documents: Documents
/** What the store of files answers instead of keeping, once. */
let blobFailure: Error | undefined
let handlerFailures = 0

beforeAll(async () => {
  database = await createTestDatabase()
  home = await mkdtemp(join(tmpdir(), 'throughline-documents-'))
  blobs = await folderBlobStore(home)
  documents = open()
  documents.on('quality', async (_uow, document) => {
    if (handlerFailures-- > 0) throw new Error('the inspection plan is locked')
    handled.push(document)
  })
  platform = await Platform.start(database.db, [documents.module], clock, pino({ enabled: false }))
})
afterAll(async () => {
  await platform?.stop()
  await database?.close()
  await rm(home, { recursive: true, force: true })
})

function open(): Documents {
  const guarded: BlobStore = {
    get: (hash) => blobs.get(hash),
    put: async (bytes) => {
      const failure = blobFailure
      blobFailure = undefined
      if (failure !== undefined) throw failure
      return await blobs.put(bytes)
    },
  }
  return openDocuments({
    blobs: guarded,
    faults: { add: (source, cause) => faults.push(`${source} ${cause}`) },
    maxBytes: 3e6,
  })
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** The messages of a document as an agent sends them. */
function messagesOf(original: Buffer, change: Partial<DocumentDescription> = {}, size = 1000): Uint8Array[] {
  const hash = hashOf(original)
  const parsed = { results: [], curves: [], statistics: [{ ...figures, characteristic: 'Bore', average: 4.01 }] }
  const described = {
    hash,
    name: 'plate/1.qif',
    kind: 'qif',
    connection: 'cmm-01',
    takenAt: clock.now(),
    size: original.length,
    parsed,
  }
  const description = Buffer.from(JSON.stringify({ ...described, ...change }))
  const message = Buffer.concat([description, original])
  const messages: Uint8Array[] = []
  for (let offset = 0; offset < message.length; offset += size) {
    const bytes = message.subarray(offset, offset + size)
    messages.push(encodeDocumentChunk({ hash, offset, total: message.length, described: description.length, bytes }))
  }
  return messages
}
const figures = {
  count: null,
  average: null,
  standardDeviation: null,
  minimum: null,
  maximum: null,
  cp: null,
  cpk: null,
  pp: null,
  ppk: null,
}

async function send(messages: readonly Uint8Array[], to = documents): Promise<(DocumentAnswer | undefined)[]> {
  const answers: (DocumentAnswer | undefined)[] = []
  for (const message of messages) answers.push(await to.hear('edge-1', message))
  return answers
}
const outcomes = (answers: readonly (DocumentAnswer | undefined)[]) => answers.map((answer) => answer?.outcome)
const original = (seed: string, length = 5000): Buffer => Buffer.from(seed.repeat(length).slice(0, length))
const untilHandled = (hash: string) =>
  vi.waitFor(() => expect(handled.filter((one) => one.hash === hash)).toHaveLength(1), { timeout: 15_000 })

test('[AL-O] a document is confirmed once its original lies in the store of files and its record is committed, and not before', async () => {
  const bytes = original('qif ')
  const answers = await send(messagesOf(bytes))
  expect(outcomes(answers)).toEqual([...answers.slice(1).map(() => 'partial'), 'delivered'])
  expect(Buffer.from((await blobs.get(hashOf(bytes))) ?? [])).toEqual(bytes)
  await untilHandled(hashOf(bytes))
  expect(handled.find((one) => one.hash === hashOf(bytes))).toMatchObject({
    ...{ name: 'plate/1.qif', kind: 'qif', agent: 'edge-1', connection: 'cmm-01', size: 5000, receivedAt: clock.now() },
    parsed: { statistics: [{ characteristic: 'Bore', average: 4.01 }] },
  })
  const entries = await platform.run(listAuditEntries, systemActor('test'), { limit: 10 })
  expect(entries).toContainEqual(expect.objectContaining({ operation: 'document.document.receive' }))
})

test('the same content is one document, whoever sends it again and under what name; one message is enough to say so', async () => {
  const bytes = original('again ')
  await send(messagesOf(bytes))
  const [first = new Uint8Array()] = messagesOf(bytes, { name: 'other.qif', connection: 'cmm-02' })
  expect(await documents.hear('edge-2', first)).toMatchObject({ outcome: 'delivered' })
  await untilHandled(hashOf(bytes))
  await platform.idle()
  expect(handled.filter((one) => one.hash === hashOf(bytes))).toMatchObject([{ name: 'plate/1.qif' }])
})

test('a piece that comes twice or too early changes nothing: the answer says from where to go on', async () => {
  const messages = messagesOf(original('order '))
  const [first, second, third, ...rest] = messages as [Uint8Array, Uint8Array, Uint8Array, ...Uint8Array[]]
  const answers = await send([first, third, first, second])
  expect(answers.map((answer) => answer?.received)).toEqual([1000, 1000, 1000, 2000])
  expect(outcomes(await send([third, ...rest])).at(-1)).toBe('delivered')
})

test('a server that began anew says that it holds nothing, and takes the document from its beginning', async () => {
  const messages = messagesOf(original('restart '))
  await send(messages.slice(0, 2))
  const again = openDocuments({ blobs, faults: { add: () => {} } })
  const anew = await Platform.start(database.db, [again.module], clock, pino({ enabled: false }))
  try {
    expect((await send(messages.slice(2, 3), again))[0]).toMatchObject({ outcome: 'partial', received: 0 })
    expect(outcomes(await send(messages, again)).at(-1)).toBe('delivered')
  } finally {
    await anew.stop()
  }
})

test('[AL-Complete!] what cannot be kept is not confirmed, and is taken when it comes again', async () => {
  const messages = messagesOf(original('disk '))
  blobFailure = new Error('the disk is full')
  expect((await send(messages)).at(-1)).toBeUndefined()
  expect(faults).toContain('edge-1 document-unkept')
  expect(outcomes(await send(messages)).at(-1)).toBe('delivered')
})

test('a document is found by its hash and by any part of its name, and its original comes back as it came', async () => {
  const bytes = original('G1 X0 Y0\n')
  await send(messagesOf(bytes, { name: 'programs/Cover 100%.NC', kind: 'text' }))
  const hash = hashOf(bytes)
  const found = await platform.run(findDocument, systemActor('test'), { hash })
  expect(found).toMatchObject({ hash, name: 'programs/Cover 100%.NC', kind: 'text', size: 5000 })
  expect(await platform.run(listDocuments, systemActor('test'), { search: '100%.nc' })).toEqual({
    ...{ documents: [found], total: 1 },
  })
  expect(await platform.run(listDocuments, systemActor('test'), { search: '_' })).toMatchObject({ total: 0 })
  await expect(platform.run(findDocument, systemActor('test'), { hash: 'a'.repeat(64) })).rejects.toMatchObject({
    ...{ kind: 'not-found', code: 'server.document-unknown' },
  })
})

test('who makes something of documents and fails hears of the document again', async () => {
  handlerFailures = 1
  const bytes = original('handler ')
  await send(messagesOf(bytes))
  await untilHandled(hashOf(bytes))
  expect(handlerFailures).toBeLessThan(0)
})

test.each([
  {
    what: 'bytes that are not those of its hash',
    messages: () => messagesOf(original('real '), { hash: hashOf(Buffer.from('x')) }),
  },
  { what: 'another length than it says', messages: () => messagesOf(original('short '), { size: 1 }) },
  { what: 'a kind that there is not', messages: () => messagesOf(original('kind '), { kind: 'exe' as 'qif' }) },
  { what: 'too many bytes', messages: () => messagesOf(original('large ', 3_100_000), {}, 100_000).slice(0, 1) },
])('[AL-O!] a document with $what is refused with the reason, and nothing of it is recorded', async ({ messages }) => {
  const last = (await send(messages())).at(-1)
  expect(last).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(/.{20}/) })
  expect(handled.some((one) => one.hash === last?.hash)).toBe(false)
  expect(await documents.hear('edge-1', new Uint8Array([1, 2]))).toBeUndefined()
  expect(faults).toContain('edge-1 document-malformed')
})
