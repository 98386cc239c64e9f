import { Random } from './random.ts'
import type { ModelValue, Protocol, TagDefinition } from './tag-definition.ts'

/** The ids of the injected story that this slice of the plant plays. */
export type StoryId =
  `E${'01' | '02' | '03' | '04' | '05' | '09' | '10' | '11' | '12' | '14' | '15' | '16' | '18' | '19' | '20' | '23' | '24'}`

/** The part of a story that a model may ask: is this event on, and since when? Milliseconds of virtual time. */
export interface StoryWindow {
  readonly from: number
  readonly to: number
}

/** What a machine has truly made since the plant began, with what it has in work; parts, plies, vials. */
export interface Made {
  readonly order: string
  readonly product: string
  readonly total: number
  readonly good: number
  readonly scrap: number
}

/** What a model gets for one step of virtual time, `from < at <= to`. */
export interface Step {
  readonly fromMs: number
  readonly toMs: number
  readonly seconds: number
  /** When the controller started: what `LifeCount` counts from. */
  readonly epochMs: number
  readonly random: Random
  /** The window of a story event that holds at the end of this step. */
  story(id: StoryId): StoryWindow | undefined
  /** A tag changed inside the step, at exactly this instant. Marks of one step are made in time order. */
  mark(tag: string, atMs: number, value: ModelValue): void
  /** The machine's state changed at this instant: the truth's exclusive state intervals. `why` it stands, where it says so. */
  enter(state: string, atMs: number, why?: string): void
  /** Another order begins at this instant: what was made until then. */
  orderEnds(atMs: number, made: Made): void
  /** Anything else that really happened and that a test may want to know. */
  happened(record: { readonly kind: string; readonly atMs: number } & Readonly<Record<string, unknown>>): void
}

/** Where a model starts: its own stream of luck and the instant. */
export interface Beginning {
  readonly epochMs: number
  readonly random: Random
}

/** What a model author writes: the tags, and a pure model whose state is plain data. */
export interface AssetSpec<State extends object> {
  /** `FRZ-01`: name of the equipment node and first part of every address. */
  readonly id: string
  readonly className: string
  readonly classDescription: string
  readonly description: string
  /** Path of the work center it belongs to, from the enterprise down. */
  readonly parent: string
  /** What it speaks; single tags may speak another. */
  readonly protocol: Protocol
  readonly tags: readonly TagDefinition[]
  start(beginning: Beginning): State
  /** The state the machine is in at the start, when it has states. */
  initialState?(state: State): string
  /** What it has made, when it makes anything. */
  made?(state: State): Made
  /** Moves `state` on by one step, in place: a step makes no garbage, so a month passes in seconds. */
  step(state: State, step: Step): void
  /** The values of all tags, in the order of `tags`. `atMs` is the end of the last step. */
  read(state: State, atMs: number, epochMs: number): ModelValue[]
  /** Takes a set-point; only tags marked `writable` come here, already checked for type and range. */
  write?(state: State, tag: string, value: number): void
}

/** An asset with its state hidden: what the simulator drives. */
export interface Asset extends Omit<AssetSpec<object>, 'start' | 'initialState' | 'made' | 'step' | 'read' | 'write'> {
  /** Goes on from `saved` when that is a state of this model, else begins anew. */
  open(beginning: Beginning, saved?: unknown): RunningAsset
}

export interface RunningAsset {
  readonly state: object
  readonly initialState: string | undefined
  made(): Made | undefined
  step(step: Step): void
  read(atMs: number, epochMs: number): ModelValue[]
  write(tag: string, value: number): void
}

export function defineAsset<State extends object>(spec: AssetSpec<State>): Asset {
  const { start, initialState, made, step, read, write, ...face } = spec
  return {
    ...face,
    open(beginning, saved) {
      // Beginning draws luck, and going on must not: the saved stream stands where the saved state left it.
      const fresh = start(saved === undefined ? beginning : { ...beginning, random: Random.of(0, spec.id) })
      const state = sameShape(fresh, saved) ? saved : fresh
      return {
        state,
        initialState: initialState?.(state),
        made: () => made?.(state),
        step: (given) => step(state, given),
        read: (atMs, epochMs) => read(state, atMs, epochMs),
        write: (tag, value) => write?.(state, tag, value),
      }
    },
  }
}

/** A saved state fits when it has the same fields with the same kinds of values: an older program's file does not. */
function sameShape<T>(fresh: T, saved: unknown): saved is T {
  if (typeof fresh !== typeof saved || fresh === null || saved === null) return fresh === saved
  if (typeof fresh !== 'object' || typeof saved !== 'object') return true
  if (Array.isArray(fresh)) {
    return Array.isArray(saved) && saved.length === fresh.length && fresh.every((item, i) => sameShape(item, saved[i]))
  }
  const keys = Object.keys(fresh)
  const given = new Map(Object.entries(saved))
  return given.size === keys.length && Object.entries(fresh).every(([key, item]) => sameShape(item, given.get(key)))
}
