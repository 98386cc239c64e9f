import type { Instant } from '@throughline/kernel'
import type { Observation } from './document.ts'
import type { XmlElement } from './xml.ts'

/** What holds for one data item after one of its observations. */
export interface Reading {
  readonly id: string
  readonly at: Instant | undefined
  readonly timestamp: string
  /** Value, worst active level of a condition, or the whole data set as JSON; null when the agent says UNAVAILABLE. */
  readonly text: string | null
  readonly attributes: Readonly<Record<string, string>>
  /** Of a condition: all that is active now, as JSON text. */
  readonly active: string | null
  /** Of a condition: what is active now; null = the data item is no condition. */
  readonly conditions: readonly Observation[] | null
  /** Values between the reading before and this one are missing. */
  readonly overflow: boolean
}

interface Item {
  reading: Reading
  /** Active conditions by what tells them apart. */
  readonly conditions: Map<string, Observation>
  /** Data set or table: entries by key. */
  entries: Map<string, unknown>
}

const levels = ['NORMAL', 'WARNING', 'FAULT']

/**
 * What holds now for each data item: an observation alone does not tell it, because conditions pile up under one id and data
 * sets come as differences.
 */
export class ItemTable {
  readonly #items = new Map<string, Item>()

  find(id: string): Reading | undefined {
    return this.#items.get(id)?.reading
  }

  /** What holds now for all data items that were observed. */
  all(): Reading[] {
    return Array.from(this.#items.values(), (item) => item.reading)
  }

  /** Takes observations that follow on what is known, by sequence; returns what holds after each. */
  follow(observations: readonly Observation[]): Reading[] {
    return observations.map((observation) => this.#take(observation))
  }

  /**
   * Takes the whole picture of `current`; returns what differs from what was known. What was known before and differs has
   * missed values in between, for nobody followed.
   */
  replace(observations: readonly Observation[]): Reading[] {
    const before = new Map([...this.#items].map(([id, item]) => [id, item.reading]))
    this.#items.clear()
    for (const observation of observations) this.#take(observation)
    const changed: Reading[] = []
    for (const item of this.#items.values()) {
      const known = before.get(item.reading.id)
      if (known !== undefined && isSame(known, item.reading)) continue
      changed.push(known === undefined ? item.reading : { ...item.reading, overflow: true })
    }
    return changed
  }

  #take(observation: Observation): Reading {
    const { dataItemId: id, attributes, at } = observation
    const item = this.#items.get(id) ?? { conditions: new Map(), entries: new Map() }
    const timestamp = attributes['timestamp'] ?? ''
    const about = { id, at, timestamp, attributes, overflow: false }
    const reading = observation.isCondition
      ? { ...about, ...conditionOf(item.conditions, observation) }
      : { ...about, active: null, conditions: null, text: heldBy(item.entries, observation) }
    this.#items.set(id, { ...item, reading })
    return reading
  }
}

const isSame = (a: Reading, b: Reading): boolean =>
  a.timestamp === b.timestamp && a.text === b.text && a.active === b.active

/** `Normal` without a code ends them all, with one it ends that one; a fault with a new code joins those that are active. */
function conditionOf(active: Map<string, Observation>, observation: Observation) {
  const level = observation.element.toUpperCase()
  const key = conditionKey(observation)
  if (!levels.includes(level)) {
    active.clear()
    return { text: null, active: null, conditions: [] }
  }
  if (level === 'NORMAL') {
    if (key === '') active.clear()
    else active.delete(key)
  } else active.set(key, observation)
  const all = [...active.values()]
  const worst = Math.max(0, ...all.map((one) => levels.indexOf(one.element.toUpperCase())))
  return { text: levels[worst] ?? null, active: JSON.stringify(all.map(describe)), conditions: all }
}

/** Tells one condition of a data item from another; empty = the data item has but one. */
export function conditionKey({ attributes }: Observation): string {
  const { conditionId, nativeCode } = attributes as Partial<Record<string, string>>
  return conditionId ?? nativeCode ?? ''
}

function describe({ element, attributes, text }: Observation) {
  const { nativeCode, conditionId, nativeSeverity, qualifier, type } = attributes as Partial<Record<string, string>>
  return {
    level: element.toUpperCase(),
    ...{ type, nativeCode, conditionId, nativeSeverity, qualifier, timestamp: attributes['timestamp'] },
    text,
  }
}

function heldBy(entries: Map<string, unknown>, observation: Observation): string | null {
  if (observation.text === 'UNAVAILABLE') {
    entries.clear()
    return null
  }
  if (observation.entries.length === 0 && !/(DataSet|Table)$/.test(observation.element)) return observation.text
  if (observation.attributes['resetTriggered'] !== undefined) entries.clear()
  for (const entry of observation.entries) {
    const key = entry.attributes['key'] ?? ''
    if (entry.attributes['removed'] === 'true') entries.delete(key)
    else entries.set(key, entryOf(entry))
  }
  return JSON.stringify(Object.fromEntries([...entries].toSorted(([a], [b]) => (a < b ? -1 : 1))))
}

/** A table's entry has cells, a data set's entry is a text. */
function entryOf({ children, text }: XmlElement): unknown {
  if (children.length === 0) return text
  return Object.fromEntries(children.map((cell) => [cell.attributes['key'] ?? '', cell.text]))
}
