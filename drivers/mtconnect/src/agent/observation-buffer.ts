import type { Instant } from '@throughline/kernel'
import type { PlacedItem } from './device.ts'

/** A condition that is told: `Normal` without a code ends all of its data item, with one that one. */
export interface ConditionState {
  readonly level: 'Normal' | 'Warning' | 'Fault'
  readonly nativeCode?: string
  readonly qualifier?: 'HIGH' | 'LOW'
  readonly text?: string
}

/** A text as the document shows it; null = UNAVAILABLE. */
export type ObservedValue = string | ConditionState | null

export interface BufferedObservation {
  readonly sequence: number
  readonly placed: PlacedItem
  readonly at: Instant
  readonly value: ObservedValue
  /** Of an event about an asset: its kind. */
  readonly assetType?: string
}

/** What holds now: one observation for a data item, several for a condition. */
type Picture = Map<string, readonly BufferedObservation[]>

/** The newest observations of an agent under their sequence numbers, and the picture before the oldest of them. */
export class ObservationBuffer {
  readonly capacity: number
  readonly #kept: BufferedObservation[] = []
  /** Everything up to the oldest kept observation, not included. */
  readonly #before: Picture = new Map()
  readonly #now: Picture = new Map()
  #next = 1

  constructor(capacity: number) {
    this.capacity = capacity
  }

  get nextSequence(): number {
    return this.#next
  }

  get firstSequence(): number {
    return this.#kept[0]?.sequence ?? this.#next
  }

  add(observation: Omit<BufferedObservation, 'sequence'>): void {
    const numbered = { ...observation, sequence: this.#next++ }
    this.#kept.push(numbered)
    draw(this.#now, numbered)
    if (this.#kept.length <= this.capacity) return
    const oldest = this.#kept.shift()
    if (oldest !== undefined) draw(this.#before, oldest)
  }

  /** Up to `count` observations from a sequence on, and where to go on. */
  from(sequence: number, count: number): { observations: readonly BufferedObservation[]; next: number } {
    const start = Math.max(0, sequence - this.firstSequence)
    const observations = this.#kept.slice(start, start + count)
    return { observations, next: (observations.at(-1)?.sequence ?? sequence - 1) + 1 }
  }

  /** What holds now, or held when the observation of that sequence was the newest. */
  picture(at?: number): readonly BufferedObservation[] {
    if (at === undefined) return [...this.#now.values()].flat()
    const picture: Picture = new Map(this.#before)
    for (const observation of this.#kept) if (observation.sequence <= at) draw(picture, observation)
    return [...picture.values()].flat()
  }

  /** The newest observation of a data item that is no condition. */
  newest(id: string): BufferedObservation | undefined {
    return this.#now.get(id)?.[0]
  }
}

/** Fills the picture in: a condition joins those that are active under its id, anything else replaces what was. */
function draw(picture: Picture, observation: BufferedObservation): void {
  const { id } = observation.placed.item
  const { value } = observation
  if (value === null || typeof value === 'string' || value.nativeCode === undefined) {
    picture.set(id, [observation])
    return
  }
  const others = (picture.get(id) ?? []).filter((one) => isActive(one.value) && codeOf(one.value) !== value.nativeCode)
  const left = value.level === 'Normal' ? others : [...others, observation]
  // The last one that ended leaves a plain Normal: the data item is never without an observation.
  picture.set(id, left.length > 0 ? left : [{ ...observation, value: { level: 'Normal' } }])
}

const codeOf = (value: ObservedValue): string | undefined =>
  value === null || typeof value === 'string' ? undefined : value.nativeCode

const isActive = (value: ObservedValue): boolean =>
  value !== null && typeof value !== 'string' && value.level !== 'Normal'
