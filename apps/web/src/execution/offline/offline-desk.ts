import { systemClock } from '@throughline/kernel'
import type { CurrentSession, Operation, QueuedEntry } from '@throughline/model'
import { registerDeviceKey, storeMedia, submitQueue } from '@throughline/model'
import type { z } from 'zod'
import { client, isUnreachable } from '../../door/client.ts'
import type { Deed } from '../../performance/station/recorder.ts'
import { base64Of } from '../../performance/stop/photo.ts'
import { deviceStore, ownKey, signText } from './device-store.ts'
import type { QueueContent } from './entry-queue.ts'
import { EntryQueue, emptyQueue } from './entry-queue.ts'

/** Browsers give keys and workers to pages of this machine and of https alone. */
export const isOfflinePossible =
  globalThis.isSecureContext && 'serviceWorker' in navigator && 'locks' in navigator && 'indexedDB' in globalThis

type Waitable = Operation & { readonly name: QueuedEntry['operation'] }

/** Longer than that, nobody stands before a button. */
const patienceMs = 8000

/** What the page shows of what waits. */
export interface DeskState {
  readonly content: QueueContent
  /** Why the plant took nothing of it, beyond that it could not be reached. */
  readonly problem: unknown
}

/** Where everything goes that a station records: to the plant, or into the queue of the device while there is no plant. */
class OfflineDesk {
  readonly #queue = new EntryQueue(
    {
      read: async () => (await deviceStore()).get('queue', 'own'),
      write: async (content) => void (await (await deviceStore()).put('queue', content, 'own')),
    },
    {
      sign: signText,
      now: () => systemClock.now(),
      alone: (run) => navigator.locks.request('throughline-queue', run) as ReturnType<typeof run>,
    },
  )
  readonly #listeners = new Set<() => void>()
  #state: DeskState = { content: emptyQueue, problem: null }
  #registeredFor: CurrentSession['openedAt'] | undefined
  #delivery: Promise<void> | undefined
  /** Reads anew what was recorded, before it leaves the queue. */
  refresh: () => Promise<unknown> = async () => undefined

  readonly state = (): DeskState => this.#state
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async load(): Promise<void> {
    if (isOfflinePossible) this.#show({ content: await this.#queue.content() })
  }

  /** Tells the plant the key of this device, and so that this person works here in this session. */
  async register({ openedAt }: CurrentSession): Promise<void> {
    if (!isOfflinePossible || this.#registeredFor === openedAt) return
    const { device, publicKey } = await ownKey()
    const { kty, crv, x, y } = publicKey
    await client(registerDeviceKey, { device, publicKey: { kty, crv, x, y } })
    this.#registeredFor = openedAt
  }

  async perform<Input extends z.ZodType, Output extends z.ZodType>(
    operation: Operation<Input, Output> & { readonly name: string },
    input: z.input<Input>,
    personId: CurrentSession['personId'],
  ): Promise<Deed<z.output<Output>>> {
    const id = crypto.randomUUID()
    if (!isOfflinePossible) return { isWaiting: false, answer: await client(operation, input, { idempotencyKey: id }) }
    await this.deliver()
    if (navigator.onLine && this.#state.content.waiting.length === 0) {
      try {
        const signal = AbortSignal.timeout(patienceMs)
        return { isWaiting: false, answer: await client(operation, input, { idempotencyKey: id, signal }) }
      } catch (error) {
        // The plant may have done it all the same: then it knows this id when it is delivered.
        if (!isUnreachable(error)) throw error
      }
    }
    const name = (operation as unknown as Waitable).name
    this.#show({ content: await this.#queue.add({ id, operation: name, input: input as object, personId }) })
    return { isWaiting: true }
  }

  /** Keeps a photo of an entry that waits, by its hash. */
  async keepPhoto(hash: string, file: Blob & { readonly type: string }): Promise<void> {
    const bytes = new Uint8Array(await file.arrayBuffer())
    await (await deviceStore()).put('photos', { contentType: file.type as 'image/jpeg', bytes }, hash)
  }

  /** Delivers what waits, if the plant can be reached; what it says against it stands in the state. */
  deliver(): Promise<void> {
    if (!isOfflinePossible || !navigator.onLine || this.#state.content.waiting.length === 0) return Promise.resolve()
    this.#delivery ??= this.#deliver().finally(() => {
      this.#delivery = undefined
    })
    return this.#delivery
  }

  async #deliver(): Promise<void> {
    try {
      const { device } = await ownKey()
      const content = await this.#queue.deliver(
        async (entries) => {
          await uploadPhotos(entries)
          return await client(submitQueue, { device, deviceNow: systemClock.now(), entries: [...entries] })
        },
        () => this.refresh(),
      )
      this.#show({ content, problem: null })
    } catch (error) {
      this.#show({ problem: isUnreachable(error) ? null : error })
    }
  }

  async dismiss(id: string): Promise<void> {
    this.#show({ content: await this.#queue.dismiss(id) })
  }

  #show(change: Partial<DeskState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }
}

export const offlineDesk = new OfflineDesk()

/** Pictures go before the entries that name them. */
async function uploadPhotos(entries: readonly QueuedEntry[]): Promise<void> {
  const store = await deviceStore()
  for (const hash of await store.getAllKeys('photos')) {
    const photo = await store.get('photos', hash)
    const isNamed = entries.some(({ input }) => JSON.stringify(input).includes(hash))
    if (photo === undefined || !isNamed) continue
    const { contentType, bytes } = photo
    await client(storeMedia, { contentType, content: await base64Of(new Blob([bytes])) })
    await store.delete('photos', hash)
  }
}
