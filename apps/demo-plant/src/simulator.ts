import type { Asset, Made, RunningAsset, Step, StoryId, StoryWindow } from './model/asset.ts'
import { hour } from './model/dynamics.ts'
import type { RandomState } from './model/random.ts'
import { Random } from './model/random.ts'
import type { ModelValue, TagDefinition } from './model/tag-definition.ts'
import type { PlantTag } from './plant/assets.ts'
import { assets, plantTags } from './plant/assets.ts'
import { SiteShifts, shiftSites } from './plant/shifts.ts'
import { Story } from './plant/story.ts'
import type { TruthLog } from './truth.ts'

/** Hears every value of a step: first what changed inside it, in time order per tag, then all tags at its end. */
export type ValueSink = (tag: number, atMs: number, value: ModelValue) => void

/** All that a plant needs to go on where it was: plain data. */
export interface PlantSnapshot {
  readonly seed: number
  readonly epochMs: number
  readonly atMs: number
  readonly assets: Readonly<Record<string, { readonly state: unknown; readonly random: RandomState }>>
  /** The state interval that each machine is in. */
  readonly open: Readonly<Record<string, OpenInterval>>
}

interface OpenInterval {
  readonly state: string
  readonly fromMs: number
  readonly why?: string | undefined
}

const sites = shiftSites.map((site) => ({ path: site.path, shifts: new SiteShifts(site) }))
const siteOf = (asset: Asset) => sites.find(({ path }) => asset.parent.toLowerCase().startsWith(`${path}/`))

export interface SimulatorOptions {
  readonly seed: number
  /** Where virtual time began, milliseconds since 1970. */
  readonly epochMs: number
  readonly truth: TruthLog
  readonly snapshot?: PlantSnapshot
}

/**
 * The plant on its virtual clock. The same seed, epoch and sequence of steps give the same values, to the bit; each
 * asset draws from a stream of its own, so that adding an asset changes no other.
 */
export class Simulator {
  readonly seed: number
  readonly epochMs: number
  readonly #truth: TruthLog
  readonly #story: Story
  readonly #cells: Cell[]
  #atMs: number

  constructor(options: SimulatorOptions) {
    const { seed, epochMs, truth, snapshot } = options
    this.seed = seed
    this.epochMs = epochMs
    this.#truth = truth
    this.#atMs = snapshot?.atMs ?? epochMs
    this.#story = new Story(epochMs)
    this.#cells = assets.map((asset) => {
      const saved = snapshot?.assets[asset.id]
      const random = saved === undefined ? Random.of(seed, asset.id) : new Random([...saved.random])
      const running = asset.open({ epochMs: this.#atMs, random }, saved?.state)
      const first = plantTags.findIndex((tag) => tag.asset === asset)
      const open = snapshot?.open[asset.id] ?? openAt(running.initialState, this.#atMs)
      const shifts = siteOf(asset)?.shifts
      return new Cell({ id: asset.id, running, shifts, random, first, epochMs, story: this.#story, truth, open })
    })
  }

  get atMs(): number {
    return this.#atMs
  }

  /** Makes one step, however long, and tells its values when somebody listens. */
  advance(toMs: number, sink?: ValueSink): void {
    for (const { event, from, to } of this.#story.beginningIn(this.#atMs, toMs)) {
      const expected = event.tags.map((tag) => ({
        ...{ tag: tag.includes('.') ? tag : `${event.asset}.${tag}`, earliest: from, latest: to },
        lingers: to + (event.lingersMs ?? 0),
      }))
      this.#truth.write({ type: 'event', id: event.id, asset: event.asset, what: event.what, from, to, expected })
    }
    for (const cell of this.#cells) cell.advance(this.#atMs, toMs, sink)
    this.#atMs = toMs
    if (toMs % hour !== 0) return
    for (const cell of this.#cells) cell.tellShift(toMs)
    this.#tellClockChange(toMs)
  }

  /** Whether a story event holds now: the gateway asks for E23. */
  storyAt(id: StoryId, atMs: number): StoryWindow | undefined {
    return this.#story.windowAt(id, atMs)
  }

  /** The present value of every tag, in the order of `plantTags`. */
  values(): ModelValue[] {
    return this.#cells.flatMap((cell) => cell.values(this.#atMs))
  }

  /** Takes a set-point from outside, within the instrument's range; tells whether it was taken. */
  write(tag: PlantTag, value: ModelValue): boolean {
    const { writable, rangeLow, rangeHigh, name } = tag.definition
    if (!writable || typeof value !== 'number' || !Number.isFinite(value)) return false
    if (value < (rangeLow ?? -Infinity) || value > (rangeHigh ?? Infinity)) return false
    this.#cells.find((cell) => cell.id === tag.asset.id)?.running.write(name, value)
    this.#truth.write({ type: 'write', asset: tag.asset.id, tag: name, at: this.#atMs, value })
    return true
  }

  /** E21 comes with the calendar, not with the month of the story. */
  #tellClockChange(atMs: number): void {
    for (const { path, shifts } of sites) {
      const change = shifts.clockChangeAt(atMs)
      if (change === 0) continue
      const what = `Night of the clock change, ${change > 0 ? 'an hour shorter' : 'an hour longer'}`
      this.#truth.write({ type: 'event', id: 'E21', asset: path, what, from: atMs, to: atMs, expected: [] })
    }
  }

  snapshot(): PlantSnapshot {
    const { seed, epochMs, atMs } = this
    const saved = this.#cells.map((cell) => [cell.id, { state: cell.running.state, random: cell.random.state }])
    const open = this.#cells.flatMap((cell) => (cell.open === undefined ? [] : [[cell.id, cell.open]]))
    return structuredClone({ seed, epochMs, atMs, assets: Object.fromEntries(saved), open: Object.fromEntries(open) })
  }
}

/** A value as the instrument shows it: rounded to the digits it has. */
function shown(definition: TagDefinition, value: ModelValue): ModelValue {
  if (typeof value !== 'number') return value
  const power = 10 ** definition.decimals
  return Math.round(value * power) / power
}

interface CellParts {
  readonly id: string
  readonly running: RunningAsset
  readonly shifts: SiteShifts | undefined
  readonly random: Random
  /** Index of the asset's first tag. */
  readonly first: number
  readonly epochMs: number
  readonly story: Story
  readonly truth: TruthLog
  readonly open: OpenInterval | undefined
}

interface Mark {
  readonly tag: number
  readonly atMs: number
  readonly value: ModelValue
}

/** One asset in its place: the step object that it sees is the cell itself, reused, so that a step makes no garbage. */
class Cell implements Step {
  readonly id: string
  readonly running: RunningAsset
  readonly random: Random
  readonly epochMs: number
  fromMs = 0
  toMs = 0
  seconds = 0
  open: OpenInterval | undefined
  readonly #shifts: SiteShifts | undefined
  readonly #first: number
  readonly #slots: ReadonlyMap<string, number>
  readonly #definitions: readonly TagDefinition[]
  readonly #story: Story
  readonly #truth: TruthLog
  #marks: Mark[] = []

  constructor(parts: CellParts) {
    this.id = parts.id
    this.running = parts.running
    this.random = parts.random
    this.epochMs = parts.epochMs
    this.open = parts.open
    this.#shifts = parts.shifts
    this.#first = parts.first
    this.#story = parts.story
    this.#truth = parts.truth
    const own = plantTags.filter((tag) => tag.asset.id === parts.id)
    this.#definitions = own.map((tag) => tag.definition)
    this.#slots = new Map(own.map((tag) => [tag.definition.name, tag.index]))
  }

  advance(fromMs: number, toMs: number, sink: ValueSink | undefined): void {
    this.fromMs = fromMs
    this.toMs = toMs
    this.seconds = (toMs - fromMs) / 1000
    this.running.step(this)
    if (this.#marks.length > 0) this.#tellMarks(sink)
    if (sink === undefined) return
    const values = this.values(toMs)
    for (let i = 0; i < values.length; i++) sink(this.#first + i, toMs, values[i] as ModelValue)
  }

  values(atMs: number): ModelValue[] {
    const values = this.running.read(atMs, this.epochMs)
    for (let i = 0; i < values.length; i++) {
      values[i] = shown(this.#definitions[i] as TagDefinition, values[i] as ModelValue)
    }
    return values
  }

  story(id: StoryId): StoryWindow | undefined {
    return this.#story.windowAt(id, this.toMs)
  }

  mark(tag: string, atMs: number, value: ModelValue): void {
    const slot = this.#slots.get(tag)
    if (slot !== undefined) this.#marks.push({ tag: slot, atMs, value })
  }

  enter(state: string, atMs: number, why?: string): void {
    if (this.open?.state === state) return
    if (this.open !== undefined) {
      const { state: was, fromMs: from, ...rest } = this.open
      this.#truth.write({ type: 'state', asset: this.id, state: was, from, to: atMs, ...rest })
    }
    this.open = { state, fromMs: atMs, ...(why === undefined || why === '' ? {} : { why }) }
  }

  orderEnds(atMs: number, made: Made): void {
    this.#truth.write({ type: 'made', asset: this.id, at: atMs, ...made, orderEnds: true })
  }

  /** At the end of a shift: which it was, and what was made until then. */
  tellShift(atMs: number): void {
    const made = this.running.made()
    const shift = made === undefined ? undefined : this.#shifts?.endingAt(atMs)
    if (made === undefined || shift === undefined) return
    const { date, name, fromMs: from, toMs: to } = shift
    this.#truth.write({ type: 'made', asset: this.id, at: atMs, ...made, orderEnds: false })
    this.#truth.write({ type: 'shift', asset: this.id, date, name, from, to })
  }

  happened({ kind, atMs, ...rest }: { kind: string; atMs: number } & Record<string, unknown>): void {
    this.#truth.write({ type: kind, asset: this.id, at: atMs, ...rest })
  }

  #tellMarks(sink: ValueSink | undefined): void {
    const marks = this.#marks
    this.#marks = []
    if (sink === undefined) return
    marks.sort((a, b) => a.atMs - b.atMs)
    for (const { tag, atMs, value } of marks) sink(tag, atMs, value)
  }
}

function openAt(state: string | undefined, fromMs: number): OpenInterval | undefined {
  return state === undefined ? undefined : { state, fromMs }
}
