import type { BrowseItem, JsonNode } from '@throughline/edge'
import { typeOf } from '@throughline/edge'
import type { Message } from './message.ts'
import { addressOf, covers } from './topic.ts'

const maxTopics = 5000

/** The newest message of each topic that was heard in this session. */
export class SeenTopics {
  readonly #newest = new Map<string, Message>()

  put(message: Message): void {
    const before = this.#newest.get(message.topic)
    if (before !== undefined && before.at > message.at) return
    // Laid in anew, so that the topic heard longest ago is the first to be forgotten.
    this.#newest.delete(message.topic)
    this.#newest.set(message.topic, message)
    const [oldest] = this.#newest.keys()
    if (this.#newest.size > maxTopics && oldest !== undefined) this.#newest.delete(oldest)
  }

  /** The newest message that a filter covers and that passes the check. */
  newest(filter: string, check: (message: Message) => boolean): Message | undefined {
    const exact = this.#newest.get(filter)
    if (exact !== undefined) return check(exact) ? exact : undefined
    return [...this.#newest.values()]
      .filter((message) => covers(filter, message.topic) && check(message))
      .reduce<Message | undefined>((best, one) => (best === undefined || one.at >= best.at ? one : best), undefined)
  }

  *browse(address: string | null): Iterable<BrowseItem> {
    if (address === null) {
      for (const topic of [...this.#newest.keys()].toSorted()) {
        yield { address: topic, name: topic, kind: 'folder', dataType: null, writable: false }
      }
      return
    }
    const message = this.#newest.get(address)
    if (message === undefined) return
    for (const [path, value] of leavesOf(message.body)) {
      const item = { address: addressOf(message.topic, path), name: path, kind: 'variable' } as const
      yield { ...item, dataType: typeOf(value), writable: false }
    }
  }
}

/** The plain values of a message by their paths; of an array the path to the same member of all its elements. */
function leavesOf(node: JsonNode, before = '$'): [path: string, value: JsonNode][] {
  if (Array.isArray(node)) {
    const [first] = node as readonly JsonNode[]
    return first === undefined ? [] : leavesOf(first, `${before}[*]`)
  }
  if (typeof node !== 'object' || node === null) return [[before, node]]
  return Object.entries(node).flatMap(([key, value]) => {
    const isPlain = /^[^.[\]'"*\s]+$/.test(key)
    if (!isPlain && key.includes("'")) return []
    const joined = isPlain ? (before === '$' ? key : `${before}.${key}`) : `${before}['${key}']`
    return leavesOf(value, joined)
  })
}
