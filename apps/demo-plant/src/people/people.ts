import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { DomainError, messageOf } from '@throughline/kernel'
import { z } from 'zod'
import { day, minute } from '../model/dynamics.ts'
import type { TruthLog } from '../truth.ts'
import { crew } from './crew.ts'
import type { Deed, Errand } from './deed.ts'
import { Doing } from './doing.ts'
import type { Gauges } from './gauges.ts'
import { Person } from './person.ts'
import { planBeginning, planDay } from './plan.ts'
import { outcomeOf } from './rules.ts'

/** How far people are: what a plant that is started again needs. */
export const PeopleState = z.object({
  /** Everything before this day is done; -1 = what is done before the first day is not. */
  firstDay: z.int(),
  /** Errands of later days: how many deeds are done, by how much they are late. */
  errands: z.record(z.string(), z.object({ next: z.int().nonnegative(), lateMs: z.number().nonnegative() })),
  /** Whether the past is caught up with. */
  caughtUp: z.boolean(),
})
export type PeopleState = z.infer<typeof PeopleState>

interface Open extends Errand {
  readonly day: number
  next: number
  lateMs: number
}

export interface PeopleOptions {
  readonly seed: number
  readonly epochMs: number
  readonly serverUrl: string
  /** Of everybody in the crew. */
  readonly passwords: Readonly<Record<string, string>>
  readonly state: PeopleState | undefined
  /** Absent = people write down what is measured. */
  readonly gauges: Gauges | undefined
  readonly truth: TruthLog
  readonly log: (line: string) => void
  /** The plant's own time, ms. */
  readonly now: () => number
  readonly signal: AbortSignal
}

const standsMs = 15 * minute
const mostLateMs = 2 * day
const soonMs = 250
const mostTries = 60
/** So many orders are worked on at the same moment, where the past is caught up with. */
const lanes = 4

/** @throws DomainError `invalid` when the file is not there or not as the server writes it */
export function readPasswords(file: string): Readonly<Record<string, string>> {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    const message = `${file} does not hold the passwords of the simulated people (${messageOf(error)}): start the server first`
    throw new DomainError('invalid', 'demo-plant.crew-file', message)
  }
}

/** People at work: they do what the plan says when it is time, catch up with the past first, and leave what goes wrong. */
export class People {
  readonly #options: PeopleOptions
  readonly #people: ReadonlyMap<string, Person>
  readonly #doing: Doing
  readonly #firstMidnightMs: number
  #open: Open[] = []
  #firstDay: number
  #nextDay: number
  #caughtUp: boolean
  /** Nothing was done since this program began. */
  #isFirst = true
  #done = 0

  constructor(options: PeopleOptions) {
    const { serverUrl, passwords, epochMs, state } = options
    this.#options = options
    this.#people = new Map(crew.map(({ name }) => [name, new Person(serverUrl, name, passwordOf(passwords, name))]))
    this.#doing = new Doing((name) => this.#person(name), options.gauges)
    this.#firstMidnightMs = Math.ceil(epochMs / day) * day
    this.#firstDay = state?.firstDay ?? -1
    this.#nextDay = this.#firstDay
    this.#caughtUp = state?.caughtUp ?? false
  }

  /** Works until it is told to stop. */
  async run(): Promise<void> {
    const began = performance.now()
    const busy = new Map<Open, Promise<void>>()
    try {
      while (!this.#options.signal.aborted) {
        const errand = busy.size < lanes ? this.#next(busy) : undefined
        if (errand !== undefined) {
          busy.set(
            errand,
            this.#doNext(errand).finally(() => busy.delete(errand)),
          )
          continue
        }
        if (busy.size === 0 && !this.#caughtUp) this.#tellCaughtUp(performance.now() - began)
        await (busy.size > 0 ? Promise.race(busy.values()) : this.#wait(1000))
      }
    } catch (error) {
      if (!this.#options.signal.aborted) this.#options.log(`people stopped working: ${messageOf(error)}`)
    } finally {
      await Promise.allSettled(busy.values())
      await this.#options.gauges?.close()
    }
  }

  snapshot(): PeopleState {
    const errands = this.#open.map(({ code, next, lateMs }) => [code, { next, lateMs }] as const)
    return { firstDay: this.#firstDay, errands: Object.fromEntries(errands), caughtUp: this.#caughtUp }
  }

  /** Says up to when everything is done. */
  tell(): void {
    if (!this.#caughtUp) return
    this.#options.truth.write({ type: 'people', at: this.#doneToMs() })
  }

  /**
   * The errand whose next deed is due first and waits for nobody; undefined = there is none. Orders go their ways side by
   * side; the store and they wait for each other, by time.
   */
  #next(busy: ReadonlyMap<Open, unknown>): Open | undefined {
    const now = this.#options.now()
    while (this.#nextDay === -1 || this.#firstMidnightMs + this.#nextDay * day <= now) this.#plan(this.#nextDay++)
    const byTime = this.#open.filter((each) => timeOf(each) <= now).sort((a, b) => timeOf(a) - timeOf(b))
    let isStoreBefore = false
    for (const [index, errand] of byTime.entries()) {
      if (isStoreBefore || (isStore(errand) && index > 0)) return undefined
      if (!busy.has(errand)) return errand
      isStoreBefore = isStore(errand)
    }
    return undefined
  }

  /** Whatever was to be done until then is done. */
  #doneToMs(): number {
    return Math.min(this.#options.now(), ...this.#open.map((each) => timeOf(each) - 1))
  }

  #plan(dayNumber: number): void {
    const { seed, epochMs, state } = this.#options
    const storyMidnightMs = Math.floor(epochMs / day) * day
    const errands =
      dayNumber < 0 ? [planBeginning(epochMs)] : planDay(seed, dayNumber, this.#firstMidnightMs, storyMidnightMs)
    for (const errand of errands) {
      const known = state?.errands[errand.code]
      this.#open.push({ ...errand, day: dayNumber, next: known?.next ?? 0, lateMs: known?.lateMs ?? 0 })
    }
  }

  async #doNext(errand: Open): Promise<void> {
    const deed = errand.deeds[errand.next]
    if (deed === undefined) return
    const at = timeOf(errand)
    for (let tries = 1; ; tries += 1) {
      const key = `demo/${this.#options.seed}/${this.#options.epochMs}/${errand.code}/${errand.next}/${errand.lateMs}`
      const error = await this.#try(deed, at, key)
      if (this.#options.signal.aborted && error !== undefined) return
      const outcome = outcomeOf(deed, error, this.#isFirst)
      if (outcome === 'done') return this.#step(errand, deed, at)
      if (outcome === 'later' && errand.lateMs < mostLateMs) {
        errand.lateMs += standsMs
        return
      }
      if (outcome === 'again') {
        await this.#wait(8 * soonMs)
        continue
      }
      if (outcome === 'held' && tries < mostTries) {
        await this.#settleOf(deed, `${key}/${tries}`, error)
        continue
      }
      return this.#leave(errand, deed, at, error)
    }
  }

  async #try(deed: Deed, atMs: number, key: string): Promise<DomainError | undefined> {
    try {
      if (deed.act.kind === 'settle' && deed.act.waits) return await this.#settle(deed, deed.act, key)
      await this.#doing.do(deed.act, {
        ...{ person: this.#person(deed.who), atMs, key, signal: this.#options.signal },
      })
      return undefined
    } catch (error) {
      if (error instanceof DomainError) return error
      throw error
    }
  }

  /** The deviation that there must be is opened a moment after what caused it. */
  async #settle(
    { who }: Deed,
    act: Extract<Deed['act'], { kind: 'settle' }>,
    key: string,
  ): Promise<DomainError | undefined> {
    for (let tries = 0; tries < 2 * mostTries && !this.#options.signal.aborted; tries += 1) {
      if ((await this.#doing.settle(this.#person(who), act, `${key}/${tries}`)) > 0) return undefined
      await this.#wait(4 * soonMs)
    }
    return new DomainError('not-found', 'demo-plant.no-deviation', `No deviation was opened for ${act.order}`)
  }

  /** Something that nobody planned holds the order (an alarm, say): quality looks at it. */
  async #settleOf({ act }: Deed, key: string, error: DomainError | undefined): Promise<void> {
    if (!('order' in act)) return
    const conclusion = 'The readings around it were looked at: the pieces are as drawn and approved'
    const quality = this.#person('aero-quality')
    const about = { order: act.order, conclusion }
    const closed = await this.#doing.settle(quality, about, key, deviationsIn(error)).catch(() => 0)
    if (closed === 0) await this.#wait(soonMs)
  }

  /** Done: its truth and how far people are go into one saved state. */
  #step(errand: Open, deed: Deed, at: number): void {
    const { truth } = this.#options
    for (const record of deed.truth) truth.write({ ...record, at })
    if (deed.refused !== undefined) {
      const about = 'order' in deed.act ? { order: deed.act.order } : {}
      truth.write({ type: 'refused', ...deed.refused, ...about, who: deed.who, at })
    }
    errand.next += 1
    this.#isFirst = false
    this.#done += 1
    this.#close(errand)
  }

  #leave(errand: Open, { act, who }: Deed, at: number, error: DomainError | undefined): void {
    const why = error === undefined ? 'it was not refused' : `${error.message} (${error.code})`
    this.#options.log(`${who} leaves ${errand.code} at ${act.kind}: ${why}`)
    this.#options.truth.write({ type: 'left', errand: errand.code, deed: errand.next, act: act.kind, who, at, why })
    errand.next = errand.deeds.length
    this.#close(errand)
  }

  /** Days that are wholly done are forgotten. */
  #close(errand: Open): void {
    if (errand.next < errand.deeds.length) return
    const oldest = Math.min(
      this.#nextDay,
      ...this.#open.filter(({ next, deeds }) => next < deeds.length).map(({ day: of }) => of),
    )
    this.#firstDay = oldest
    this.#open = this.#open.filter(({ day: of }) => of >= oldest)
  }

  #tellCaughtUp(elapsedMs: number): void {
    this.#caughtUp = true
    const seconds = Math.round(elapsedMs / 1000)
    this.#options.truth.write({ type: 'people', at: this.#doneToMs(), deeds: this.#done, seconds })
    this.#options.log(`people did what was to be done: ${this.#done} deeds in ${seconds} s; they go on as time passes`)
  }

  async #wait(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#options.signal }).catch(() => undefined)
  }

  #person(name: string): Person {
    const found = this.#people.get(name)
    if (found === undefined) throw new DomainError('defect', 'demo-plant.nobody', `Nobody is called ${name}`)
    return found
  }
}

/** Rolls and certificates: what an order needs comes from there; quality looks at what orders made. */
const isStore = ({ code }: Open): boolean => !/^[WF]O-/.test(code)

/** What an error names: a deviation of another order may concern a piece of this one. */
function deviationsIn(error: DomainError | undefined): string[] {
  const named = z.array(z.string()).safeParse(error?.details['deviations'])
  return named.success ? named.data : []
}

function timeOf({ deeds, next, lateMs }: Open): number {
  const deed = deeds[next]
  return deed === undefined ? Number.POSITIVE_INFINITY : deed.atMs + lateMs
}

function passwordOf(passwords: Readonly<Record<string, string>>, name: string): string {
  const password = passwords[name]
  if (password !== undefined) return password
  throw new DomainError(
    'invalid',
    'demo-plant.no-password',
    `${name} has no password: the server makes it at its start`,
  )
}
