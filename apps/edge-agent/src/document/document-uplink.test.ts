import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DocumentBuffer, FaultRegistry } from '@throughline/edge'
import type { DocumentAnswer } from '@throughline/model'
import { DocumentDescription, decodeDocumentChunk, wireTopics } from '@throughline/model'
import { handClock } from '@throughline/testkit'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DocumentUplink } from './document-uplink.ts'

const clock = handClock()
const parsed = { results: [], curves: [], statistics: [] }
let folder: string
let buffers: DocumentBuffer[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'throughline-uplink-'))
  buffers = []
})
afterEach(() => {
  for (const buffer of buffers) buffer.close()
  rmSync(folder, { recursive: true, force: true })
})

function open(maxBytes = 1e9): { buffer: DocumentBuffer; uplink: DocumentUplink; faults: FaultRegistry } {
  for (const buffer of buffers) buffer.close()
  const buffer = new DocumentBuffer({ file: join(folder, 'documents.sqlite'), clock, maxBytes })
  buffers.push(buffer)
  const faults = new FaultRegistry(clock, pino({ enabled: false }))
  return { buffer, uplink: new DocumentUplink('edge-1', buffer, faults), faults }
}
const put = (buffer: DocumentBuffer, name: string, bytes: Uint8Array) =>
  buffer.put('cmm-01', { name, kind: 'qif', bytes, parsed })

/** The server's end: puts pieces together in their order and answers each. */
class Receiver {
  readonly arrived: { name: string; original: Buffer }[] = []
  /** Answers that are kept back while it is held. */
  held = false
  refusing: string | null = null
  messages = 0
  #hash = ''
  #bytes = Buffer.alloc(0)
  #uplink: DocumentUplink

  constructor(uplink: DocumentUplink) {
    this.#uplink = uplink
    uplink.begin((topic, payload) => this.take(topic, payload))
  }

  forget(): void {
    this.#bytes = Buffer.alloc(0)
  }

  take(topic: string, payload: Buffer): void {
    expect(topic).toBe(wireTopics.documents('edge-1'))
    this.messages += 1
    if (this.held) return
    const { hash, offset, total, described, bytes } = decodeDocumentChunk(payload)
    if (hash !== this.#hash) this.forget()
    this.#hash = hash
    if (offset === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, bytes])
    const isWhole = this.#bytes.length === total
    if (isWhole && this.refusing === null) {
      const { name } = DocumentDescription.parse(JSON.parse(this.#bytes.subarray(0, described).toString()))
      this.arrived.push({ name, original: this.#bytes.subarray(described) })
    }
    const outcome = !isWhole ? 'partial' : this.refusing === null ? 'delivered' : 'refused'
    this.answer({ hash, received: this.#bytes.length, outcome, reason: this.refusing })
  }

  answer(answer: DocumentAnswer): void {
    queueMicrotask(() => this.#uplink.hear('', Buffer.from(JSON.stringify(answer))))
  }
}

test('documents of any size arrive byte for byte, one after the other, and who handed them over hears of it', async () => {
  const { buffer, uplink } = open()
  const sent = [3, 300_000, 2_500_000].map((size) => randomBytes(size))
  const receiver = new Receiver(uplink)
  const outcomes = await Promise.all(sent.map((bytes, index) => put(buffer, `${index}.qif`, bytes)))
  expect(outcomes.map((one) => one.outcome)).toEqual(['delivered', 'delivered', 'delivered'])
  expect(receiver.arrived.map((one) => one.name)).toEqual(['0.qif', '1.qif', '2.qif'])
  expect(receiver.arrived.every((one, index) => sent[index]?.equals(one.original))).toBe(true)
  expect(buffer.waiting).toBe(0)
})

test('[AL-Enduring!] what was on its way when the agent ended is sent by the next one', async () => {
  const first = open()
  const receiver = new Receiver(first.uplink)
  receiver.held = true
  const bytes = randomBytes(600_000)
  void put(first.buffer, 'a.qif', bytes)
  await vi.waitFor(() => expect(receiver.messages).toBeGreaterThan(0))
  const second = open()
  const next = new Receiver(second.uplink)
  await vi.waitFor(() => expect(next.arrived).toHaveLength(1))
  expect(next.arrived[0]?.original.equals(bytes)).toBe(true)
  expect((await put(second.buffer, 'a.qif', bytes)).outcome).toBe('delivered')
  expect(next.arrived).toHaveLength(1)
})

test('a server that began anew in the middle gets the document from its beginning', async () => {
  const { buffer, uplink } = open()
  const receiver = new Receiver(uplink)
  const bytes = randomBytes(3_000_000)
  const outcome = put(buffer, 'a.qif', bytes)
  await vi.waitFor(() => expect(receiver.messages).toBeGreaterThan(2), { interval: 1 })
  receiver.forget()
  expect((await outcome).outcome).toBe('delivered')
  expect(receiver.arrived[0]?.original.equals(bytes)).toBe(true)
})

test('what the server refuses stops nothing behind it, and stays refused', async () => {
  const { buffer, uplink } = open()
  const receiver = new Receiver(uplink)
  receiver.refusing = 'too large'
  const bytes = randomBytes(100)
  expect(await put(buffer, 'a.qif', bytes)).toMatchObject({ outcome: 'refused', reason: 'too large' })
  receiver.refusing = null
  expect((await put(buffer, 'b.qif', randomBytes(100))).outcome).toBe('delivered')
  expect(await put(buffer, 'a.qif', bytes)).toMatchObject({ outcome: 'refused', reason: 'too large' })
})

test('a full buffer refuses what is new and keeps what waits; a malformed answer is a fault', async () => {
  const { buffer, uplink, faults } = open(2000)
  void put(buffer, 'a.qif', randomBytes(1000))
  expect(() => put(buffer, 'b.qif', randomBytes(1000))).toThrow(
    expect.objectContaining({ code: 'edge.documents-full' }),
  )
  uplink.hear('', Buffer.from('{"hash":'))
  expect(faults.list()).toMatchObject([{ cause: 'document-answer-malformed' }])
  const receiver = new Receiver(uplink)
  await vi.waitFor(() => expect(receiver.arrived).toHaveLength(1))
  expect((await put(buffer, 'b.qif', randomBytes(1000))).outcome).toBe('delivered')
})
