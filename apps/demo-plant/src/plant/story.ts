import type { StoryId, StoryWindow } from '../model/asset.ts'
import { day, hour, minute } from '../model/dynamics.ts'

/** An injected event: what is wrong, where, and which tags should raise an alarm inside its window. */
export interface StoryEvent {
  readonly id: StoryId
  readonly asset: string
  readonly what: string
  /** Tags that raise an alarm while the event lasts; of another asset with its name, `WFI-01.LifeCount`. */
  readonly tags: readonly string[]
  /** From the first midnight (UTC) of a cycle, or from the epoch itself where the asset's own rhythm starts there. */
  readonly anchor: 'midnight' | 'epoch'
  readonly startMs: number
  readonly lastsMs: number
  /** How long after its end the same alarm may come again, because what it did is not mended yet. Default 0. */
  readonly lingersMs?: number
}

/** The month after which the story begins anew. It is a whole number of batches (36 h) and of cure cycles (6 h). */
export const cycleMs = 30 * day

const batch = 36 * hour
/** Inoculation stands 2 h, feeding 10 h after the beginning of a batch. */
const inBatch = (number: number, hours: number): number => number * batch + hours * hour

/** Each tells the seconds one by one: silent, it says that nothing comes of its controller. */
export const watchedLifeCounts: readonly string[] = [
  ...['FRZ-01', 'AUT-01', 'CNC-01', 'CNC-02', 'BR-01', 'FIL-01', 'WFI-01'],
]

export const storyEvents: readonly StoryEvent[] = [
  {
    ...{ id: 'E01', asset: 'CNC-01', what: 'Nobody minds the wear of the tool', anchor: 'midnight' },
    ...{ startMs: 8 * day + 6 * hour, lastsMs: 12 * hour, tags: ['BoreErrorMean'] },
    // The operator takes the wear out at the next tenth part, and what is left of it at the one after.
    lingersMs: 3 * hour,
  },
  {
    ...{ id: 'E02', asset: 'CNC-02', what: 'A worn tool is not changed', anchor: 'midnight' },
    ...{ startMs: 11 * day + 5 * hour, lastsMs: 14 * hour, tags: ['ToolUses'] },
  },
  {
    ...{
      id: 'E03',
      asset: 'CNC-02',
      what: 'A tool with a chipped edge is put in: bores 9 µm too wide',
      anchor: 'midnight',
    },
    ...{ startMs: 17 * day + 10 * hour, lastsMs: 3 * hour, tags: ['BoreErrorMean'] },
    // The chipped tool stays in until it has made its sixty parts.
    lingersMs: 8 * hour,
  },
  {
    ...{ id: 'E09', asset: 'FRZ-01', what: 'Freezer door left open for 40 min', anchor: 'midnight' },
    ...{ startMs: 3 * day + 14 * hour + 10 * minute, lastsMs: 40 * minute },
    // One alarm an event: of ten sensors two are watched, one in the middle and one at the door.
    tags: ['Temperature05', 'Temperature10', 'DoorOpen'],
  },
  {
    ...{ id: 'E04', asset: 'AUT-01', what: 'Vacuum leak in bag 4 during the cure', anchor: 'midnight' },
    ...{ startMs: 4 * day + 13 * hour, lastsMs: 3 * hour, tags: ['Vacuum4'] },
  },
  {
    ...{ id: 'E10', asset: 'BR-01', what: 'Feed pump delivers 15 % less than asked', anchor: 'epoch' },
    ...{ startMs: inBatch(4, 14), lastsMs: 8 * hour, tags: ['FeedRate'] },
  },
  {
    ...{ id: 'E05', asset: 'AUT-01', what: 'Soak at 173 °C for 6 min', anchor: 'midnight' },
    ...{ startMs: 9 * day + 15 * hour, lastsMs: 6 * minute, tags: ['AirTemperature'] },
  },
  {
    ...{ id: 'E11', asset: 'BR-01', what: 'Probe of dissolved oxygen drifts by −35 %', anchor: 'epoch' },
    // The loop masks what deceives it: neither the oxygen nor the agitator leaves its band.
    ...{ startMs: inBatch(7, 12), lastsMs: 18 * hour, tags: [] },
  },
  {
    ...{ id: 'E12', asset: 'BR-01', what: 'pH transmitter frozen', anchor: 'epoch' },
    ...{ startMs: inBatch(10, 14), lastsMs: 4 * hour, tags: ['pH'] },
  },
  {
    ...{ id: 'E14', asset: 'WFI-01', what: 'Conductivity excursion of the water loop', anchor: 'midnight' },
    ...{ startMs: 15 * day + 9 * hour + 20 * minute, lastsMs: 50 * minute, tags: ['Conductivity'] },
  },
  {
    ...{ id: 'E15', asset: 'PAR-01', what: 'Too many particles while vials are filled', anchor: 'midnight' },
    ...{ startMs: 16 * day + 10 * hour + 30 * minute, lastsMs: 12 * minute, tags: ['Particles05'] },
  },
  {
    ...{ id: 'E16', asset: 'FIL-01', what: 'Nozzle 7 drifts by 0.6 mg per 1000 vials', anchor: 'midnight' },
    ...{ startMs: 18 * day + 2 * hour, lastsMs: 16 * hour, tags: ['NozzleWeight07'] },
  },
  {
    ...{ id: 'E19', asset: 'FIL-01', what: 'Vial counter reset within a lot', anchor: 'midnight' },
    // Nothing for an operator to do: counting takes care of it.
    ...{ startMs: 20 * day + 13 * hour, lastsMs: minute, tags: [] },
  },
  {
    ...{ id: 'E18', asset: 'edge-1', what: 'Edge agent cut off; what it kept comes later', anchor: 'midnight' },
    ...{ startMs: 21 * day + 3 * hour + 20 * minute, lastsMs: 25 * minute },
    tags: watchedLifeCounts.map((asset) => `${asset}.LifeCount`),
  },
  {
    ...{ id: 'E20', asset: 'GW-01', what: 'Clock of the gateway 90 s fast', anchor: 'midnight' },
    ...{ startMs: 23 * day + 16 * hour, lastsMs: 2 * hour, tags: [] },
  },
  {
    ...{ id: 'E23', asset: 'GW-01', what: 'Gateway sends messages twice and out of order', anchor: 'midnight' },
    ...{ startMs: 25 * day + 10 * hour, lastsMs: 10 * minute, tags: [] },
  },
  {
    ...{ id: 'E24', asset: 'BR-01', what: 'Power dip: drives stand, and start again mid-batch', anchor: 'epoch' },
    // Shorter than a feed that is off may last before it is an alarm of its own.
    ...{ startMs: inBatch(13, 20), lastsMs: 4 * minute, tags: ['DissolvedOxygen'] },
  },
]

/** In E20 the gateway's clock is fast by this; not a whole second, so that no two samples get the same instant. */
export const clockSkewMs = 90_250

/** When each event of the story holds; the month repeats for ever. */
export class Story {
  readonly #epochMs: number
  readonly #midnightMs: number
  #cycle = -1
  #windows = new Map<StoryId, StoryWindow>()

  constructor(epochMs: number) {
    this.#epochMs = epochMs
    this.#midnightMs = Math.floor(epochMs / day) * day
  }

  /** The window of an event that holds at an instant, `from < at <= to`. */
  windowAt(id: StoryId, atMs: number): StoryWindow | undefined {
    // An event anchored to the epoch may reach at most a day into the next cycle of midnights: none does, see the test.
    const cycle = Math.floor((atMs - this.#midnightMs) / cycleMs)
    if (cycle !== this.#cycle) {
      this.#cycle = cycle
      this.#windows = new Map(this.eventsOf(cycle).map((item) => [item.event.id, item]))
    }
    const found = this.#windows.get(id)
    return found !== undefined && atMs > found.from && atMs <= found.to ? found : undefined
  }

  /** All events of one month, in the order of the story. */
  eventsOf(cycle: number): (StoryWindow & { readonly event: StoryEvent })[] {
    return storyEvents.map((event) => {
      const anchor = event.anchor === 'epoch' ? this.#epochMs : this.#midnightMs
      const from = anchor + cycle * cycleMs + event.startMs
      return { event, from, to: from + event.lastsMs }
    })
  }

  /** Events that begin in `from < at <= to`. */
  beginningIn(fromMs: number, toMs: number): (StoryWindow & { readonly event: StoryEvent })[] {
    const cycle = Math.floor((toMs - this.#midnightMs) / cycleMs)
    return this.eventsOf(cycle).filter((item) => item.from > fromMs && item.from <= toMs)
  }
}
