import type { Instant } from '@throughline/kernel'
import type { QueuedEntry } from '@throughline/model'
import { canonicalJson, sha256 } from './canonical-json.ts'

/** An entry that the plant did not take, with its reason: shown until somebody has seen it. */
export interface RefusedHere {
  readonly entry: QueuedEntry
  readonly message: string
}

/** All that the device keeps of its entries. */
export interface QueueContent {
  /** Where the chain ends: number and hash of the last entry that was ever made here. */
  readonly end: { readonly sequence: number; readonly hash: string }
  /** Not yet recorded, in their order. */
  readonly waiting: readonly QueuedEntry[]
  readonly refused: readonly RefusedHere[]
}

/** Where the queue is kept. What was written is there after a power cut. */
export interface QueueStorage {
  read(): Promise<QueueContent | undefined>
  write(content: QueueContent): Promise<void>
}

/** What the queue needs of the device. */
export interface QueueDevice {
  /** Base64 of the signature over a text, by the key of the device. */
  sign(text: string): Promise<string>
  now(): Instant
  /** Runs one thing after the other, across all windows of the device. */
  alone<Result>(run: () => Promise<Result>): Promise<Result>
}

export type Made = Pick<QueuedEntry, 'id' | 'operation' | 'personId'> & { readonly input: object }

/** What the plant answered for each entry of a delivery. */
export interface Outcome {
  readonly id: string
  readonly outcome: 'recorded' | 'known' | 'refused'
  readonly message: string | null
}

export const emptyQueue: QueueContent = { end: { sequence: 0, hash: '0'.repeat(64) }, waiting: [], refused: [] }

const mostDelivered = 100

/**
 * Entries that wait for the plant: numbered, each naming the hash of the one before it, each signed when it is made. They
 * leave in their order, and only once the plant has answered for them.
 */
export class EntryQueue {
  readonly #storage: QueueStorage
  readonly #device: QueueDevice

  constructor(storage: QueueStorage, device: QueueDevice) {
    this.#storage = storage
    this.#device = device
  }

  async content(): Promise<QueueContent> {
    return (await this.#storage.read()) ?? emptyQueue
  }

  async add({ id, operation, input, personId }: Made): Promise<QueueContent> {
    return await this.#device.alone(async () => {
      const content = await this.content()
      const { end, waiting } = content
      const told = {
        ...{ id, sequence: end.sequence + 1, operation, personId },
        // As it will be read from the line: what is left out there is left out here.
        input: JSON.parse(JSON.stringify(input)) as Record<string, unknown>,
        deviceAt: this.#device.now(),
        previous: end.hash,
      }
      const entry: QueuedEntry = { ...told, signature: await this.#device.sign(canonicalJson(told)) }
      const hash = await sha256(canonicalJson(entry))
      const next = { ...content, end: { sequence: entry.sequence, hash }, waiting: [...waiting, entry] }
      await this.#storage.write(next)
      return next
    })
  }

  /**
   * Delivers what waits, the oldest first. An entry leaves after `seen`, which lets the page read what was recorded, so that
   * nothing is out of sight in between; what is delivered twice for that, the plant knows already.
   */
  async deliver(
    send: (entries: readonly QueuedEntry[]) => Promise<readonly Outcome[]>,
    seen: () => Promise<unknown>,
  ): Promise<QueueContent> {
    return await this.#device.alone(async () => {
      let content = await this.content()
      while (content.waiting.length > 0) {
        const entries = content.waiting.slice(0, mostDelivered)
        const outcomes = new Map((await send(entries)).map((each) => [each.id, each]))
        await seen().catch(() => undefined)
        content = settled(content, outcomes)
        await this.#storage.write(content)
        if (entries.some(({ id }) => !outcomes.has(id))) break
      }
      return content
    })
  }

  /** Somebody has seen why an entry was refused. */
  async dismiss(id: string): Promise<QueueContent> {
    return await this.#device.alone(async () => {
      const content = await this.content()
      const next = { ...content, refused: content.refused.filter(({ entry }) => entry.id !== id) }
      await this.#storage.write(next)
      return next
    })
  }
}

function settled(content: QueueContent, outcomes: ReadonlyMap<string, Outcome>): QueueContent {
  const refused = content.waiting.flatMap((entry): RefusedHere[] => {
    const outcome = outcomes.get(entry.id)
    return outcome?.outcome === 'refused' ? [{ entry, message: outcome.message ?? 'No reason was told' }] : []
  })
  return {
    ...content,
    waiting: content.waiting.filter(({ id }) => !outcomes.has(id)),
    refused: [...content.refused, ...refused],
  }
}
