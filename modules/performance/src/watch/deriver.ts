import type { StateRule } from '@throughline/model'
import { incrementOf } from '../counter/rules.ts'
import { isPassing } from '../state/packml.ts'
import type { Reading, ReadValue } from '../state/reading.ts'
import { numberOf, textOf } from '../state/reading.ts'
import type { Told } from '../state/rules.ts'
import { signalTags, stateOf, unknown } from '../state/rules.ts'
import type { Gap, Settled, Spell, Step, Work } from './settled.ts'
import { nothingSettled } from './settled.ts'

const counted = ['total', 'good', 'scrap', 'rework'] as const
const minuteUs = 60e6

interface Counter {
  readonly value: number
  readonly at: number
  /** Since when it cannot be read; null = it was read last. */
  readonly lostAt: number | null
}

/**
 * Works one machine's states, runs and counts out of its readings, told in the order of their time, at a few operations a
 * reading. It can be copied, so that a few readings may be told again when one came late.
 */
export class Deriver {
  readonly #rules: readonly StateRule[]
  #rule: StateRule | undefined
  /** Told up to here, inclusive. */
  at = Number.NEGATIVE_INFINITY
  /** Of the newest good reading. */
  heardAt: number | null = null
  /** The spell before the one that lasts: it may still be taken back, by a reading of the same instant. */
  #before: Spell | null = null
  #current: Spell | null = null
  #workBefore: Work | null = null
  #work: Work | null = null
  #step: Step | null = null
  #code: string | null = null
  /** When the counter that stands for the state last rose, or was first read. */
  #countedAt: number | null = null
  #values = new Map<string, ReadValue | null>()
  #counters = new Map<string, Counter>()

  /** `rules` are all versions of the class. */
  constructor(rules: readonly StateRule[]) {
    this.#rules = rules
  }

  copy(): Deriver {
    const copy = new Deriver(this.#rules)
    copy.at = this.at
    copy.heardAt = this.heardAt
    copy.#rule = this.#rule
    copy.#before = this.#before
    copy.#current = this.#current
    copy.#workBefore = this.#workBefore
    copy.#work = this.#work
    copy.#step = this.#step && { ...this.#step }
    copy.#code = this.#code
    copy.#countedAt = this.#countedAt
    copy.#values = new Map(this.#values)
    copy.#counters = new Map(this.#counters)
    return copy
  }

  /**
   * Starts in the middle: from the spell and the work that are stored for `at`, and from readings up to it, oldest first: the
   * newest of each tag, and those within reach of a rule that looks back.
   */
  resume(at: number, spell: Spell | null, work: Work | null, readings: readonly Reading[]): void {
    this.#rule = this.#ruleAt(readings[0]?.at ?? at)
    const scratch = nothingSettled()
    for (const reading of readings) {
      this.#followTo(reading.at)
      this.#take(reading, scratch)
    }
    this.#followTo(at - 1)
    this.at = at
    this.#before = null
    this.#workBefore = null
    this.#step = null
    this.#work = work ?? (this.#work && { ...this.#work, from: Math.max(this.#work.from, at) })
    this.#current = spell ?? (this.#current && { ...this.#current, from: Math.max(this.#current.from, at) })
    if (this.#current?.state === 'running') this.#countedAt ??= this.#current.from
  }

  /** How far back a rule looks from an instant, µs. */
  static reachUs(rules: readonly StateRule[]): number {
    const reach = rules.map(({ signal, idealCycleSeconds }) =>
      signal.kind === 'counts' ? signal.cycles * (idealCycleSeconds ?? 0) * 1e6 : 0,
    )
    return Math.max(0, ...reach)
  }

  /** From where on what is open, or comes later, takes the place of what was told before. */
  get openFrom(): { spells: number; works: number; steps: number; told: number } {
    const at = Math.max(this.at, 0)
    return {
      spells: this.#before?.from ?? this.#current?.from ?? at,
      works: this.#workBefore?.from ?? this.#work?.from ?? at,
      steps: this.#step?.at ?? Math.floor(at / minuteUs) * minuteUs,
      told: at,
    }
  }

  /** One reading; `reading.at` is not before `at`. */
  hear(reading: Reading, settled: Settled): void {
    this.passTo(reading.at, settled)
    this.#take(reading, settled)
    this.at = Math.max(this.at, reading.at)
  }

  /** Time passed without a reading: silence, a counter that stands still, or another version of the rule. */
  passTo(at: number, settled: Settled): void {
    for (;;) {
      const next = this.#nextRule()
      if (next === undefined || next.effectiveFrom > at) break
      const from = Math.max(next.effectiveFrom, this.at)
      this.#passWithin(from, settled)
      this.#follow(next)
      if (this.#values.size > 0) this.#evaluate(from, settled)
    }
    this.#passWithin(at, settled)
  }

  /** The agent is silent: nothing is known from the last reading on. */
  fallSilent(settled: Settled): void {
    if (this.heardAt !== null && this.#rule?.signal.kind !== 'manual') {
      this.#begin(this.heardAt, unknown('agent silent'), settled)
    }
  }

  /** What lasts, with an end that has not come: the rows that are not settled. */
  open(): { spells: (Spell & { to: number | null })[]; works: (Work & { to: number | null })[]; steps: Step[] } {
    const spells = this.#current === null ? [] : [{ ...this.#current, to: null }]
    const works = this.#work === null ? [] : [{ ...this.#work, to: null }]
    return {
      spells: this.#before === null ? spells : [{ ...this.#before, to: this.#current?.from ?? null }, ...spells],
      works: this.#workBefore === null ? works : [{ ...this.#workBefore, to: this.#work?.from ?? null }, ...works],
      steps: this.#step === null ? [] : [{ ...this.#step }],
    }
  }

  /** The version that holds at an instant, with what each that came into force before it left behind. */
  #followTo(at: number): void {
    for (;;) {
      const next = this.#nextRule()
      if (next === undefined || next.effectiveFrom > at) return
      this.#follow(next)
    }
  }

  #follow(rule: StateRule): void {
    // A counter that another tag tells from now on begins anew.
    for (const name of counted) if (this.#rule?.[name]?.tag !== rule[name]?.tag) this.#counters.delete(name)
    this.#counters.delete('state')
    this.#countedAt = null
    this.#rule = rule
  }

  #ruleAt(at: number): StateRule | undefined {
    let found: StateRule | undefined
    for (const rule of this.#rules) {
      if (rule.effectiveFrom <= at && (found === undefined || rule.version > found.version)) found = rule
    }
    return found
  }

  /** The version that takes over next: the first to come into force that is newer than the one in force. */
  #nextRule(): StateRule | undefined {
    const version = this.#rule?.version ?? 0
    let next: StateRule | undefined
    for (const rule of this.#rules) {
      if (rule.version <= version) continue
      if (
        next === undefined ||
        rule.effectiveFrom < next.effectiveFrom ||
        (rule.effectiveFrom === next.effectiveFrom && rule.version > next.version)
      ) {
        next = rule
      }
    }
    return next
  }

  /** Until `at`, under one rule. */
  #passWithin(at: number, settled: Settled): void {
    const rule = this.#rule
    if (rule === undefined || this.heardAt === null || rule.signal.kind === 'manual') return
    const isSilent = at - this.heardAt > rule.silenceSeconds * 1e6
    const still = this.#stillFrom(rule)
    if (still !== null && (isSilent ? this.heardAt : at) > still) {
      this.#begin(this.#countedAt ?? still, { state: 'idle', label: 'no counts' }, settled)
    }
    if (!isSilent) return
    for (const name of this.#counters.keys()) this.#lose(name, this.heardAt)
    if (this.#current?.state === 'no-data') return
    this.#begin(this.heardAt, unknown('silent'), settled)
    // What decided before the silence may no longer hold: it decides nothing until it is read again.
    for (const tag of signalTags(rule.signal)) this.#values.delete(tag)
    this.#countedAt = null
  }

  /** From here on until it is read again, nobody can say when a counter rises. */
  #lose(name: string, at: number): void {
    const counter = this.#counters.get(name)
    if (counter !== undefined && counter.lostAt === null) this.#counters.set(name, { ...counter, lostAt: at })
  }

  /** When a counter that does not rise means that the machine is idle; null = it already is, or another signal decides. */
  #stillFrom({ signal, idealCycleSeconds }: StateRule): number | null {
    if (signal.kind !== 'counts' || this.#countedAt === null || this.#current?.state === 'idle') return null
    return this.#countedAt + signal.cycles * (idealCycleSeconds ?? 0) * 1e6
  }

  #take({ tag, at, value }: Reading, settled: Settled): void {
    const rule = this.#rule
    if (value !== null) this.heardAt = Math.max(this.heardAt ?? at, at)
    const isNew = !this.#values.has(tag)
    this.#values.set(tag, value)
    if (rule === undefined) return
    for (const name of counted) if (rule[name]?.tag === tag) this.#count(rule, name, at, value, settled)
    if (rule.signal.kind === 'counts') {
      if (rule.signal.tag === tag) this.#countState(rule, at, value, isNew, settled)
    } else if (signalTags(rule.signal).includes(tag)) this.#evaluate(at, settled)
    if (tag === rule.orderTag || tag === rule.productTag) this.#changeWork(rule, at, settled)
    if (tag === rule.reasonTag) this.#changeCode(at, value, settled)
  }

  #evaluate(at: number, settled: Settled): void {
    const signal = this.#rule?.signal
    if (signal === undefined) return
    this.#begin(
      at,
      stateOf(signal, (tag) => this.#values.get(tag)),
      settled,
    )
  }

  #countState(rule: StateRule, at: number, value: ReadValue | null, isNew: boolean, settled: Settled): void {
    const number = numberOf(value)
    if (number === undefined) {
      this.#begin(at, unknown('bad quality'), settled)
      this.#values.delete(rule.signal.kind === 'counts' ? rule.signal.tag : '')
      this.#countedAt = null
      return
    }
    const before = this.#counters.get('state')
    this.#counters.set('state', { value: number, at, lostAt: null })
    if (isNew || before === undefined) {
      // Whether it counts or stands is seen by the next reading only.
      this.#countedAt = at
      if (this.#current === null) this.#begin(at, unknown('not counted yet'), settled)
    } else if (number !== before.value) {
      this.#countedAt = at
      this.#begin(at, { state: 'running', label: 'counting' }, settled)
    }
  }

  #begin(at: number, told: Told, settled: Settled): void {
    const current = this.#current
    if (current === null) {
      this.#current = { from: at, ...told }
      return
    }
    if (current.state === told.state) {
      if (isPassing(current.label) && !isPassing(told.label)) this.#current = { ...current, label: told.label }
      return
    }
    const from = Math.max(at, current.from)
    if (from > current.from) {
      if (this.#before !== null) settled.spells.push({ ...this.#before, to: current.from })
      this.#before = current
      this.#current = { from, ...told }
      return
    }
    // The spell had no length. Without it the one before may simply go on.
    if (this.#before?.state === told.state) {
      this.#current = this.#before
      this.#before = null
    } else this.#current = { from, ...told }
  }

  #changeWork(rule: StateRule, at: number, settled: Settled): void {
    const order = this.#nameIn(rule.orderTag, this.#work?.order ?? null)
    const product = this.#nameIn(rule.productTag, this.#work?.product ?? null)
    const work = this.#work
    if (work !== null && work.order === order && work.product === product) return
    const next: Work = { from: at, order, product }
    const before = this.#workBefore
    if (work === null) this.#work = next
    else if (work.from === at) {
      const goesOn = before !== null && before.order === order && before.product === product
      this.#work = goesOn ? before : next
      if (goesOn) this.#workBefore = null
    } else {
      if (this.#workBefore !== null) settled.works.push({ ...this.#workBefore, to: work.from })
      this.#workBefore = work
      this.#work = next
    }
  }

  /** A name that is not readable just now is still the one that was read last. */
  #nameIn(tag: string | null, before: string | null): string | null {
    if (tag === null) return null
    const value = this.#values.get(tag)
    if (value === null || value === undefined) return before
    const name = textOf(value)
    return name === '' ? null : name.slice(0, 200)
  }

  #changeCode(at: number, value: ReadValue | null, settled: Settled): void {
    const code = value === null ? null : textOf(value)
    if (code === this.#code) return
    this.#code = code
    const last = settled.codes.at(-1)
    if (last?.at === at) settled.codes[settled.codes.length - 1] = { at, code }
    else settled.codes.push({ at, code })
  }

  #count(rule: StateRule, name: (typeof counted)[number], at: number, value: ReadValue | null, settled: Settled): void {
    const number = numberOf(value)
    const signal = rule[name]
    if (number === undefined) this.#lose(name, at)
    if (number === undefined || signal === null) return
    const before = this.#counters.get(name)
    this.#counters.set(name, { value: number, at, lostAt: null })
    if (before === undefined) return
    const elapsed = (at - before.at) / 1e6
    const { by, reset } = incrementOf(before.value, number, signal.modulus, elapsed, rule.idealCycleSeconds)
    if (reset) settled.notes.push({ at, tag: signal.tag, before: before.value, after: number })
    // That nothing was made in a gap is worth knowing too.
    if (by === 0 && before.lostAt === null) return
    const step = before.lostAt === null ? this.#stepFor(rule, at, settled) : gapFor(rule, before.lostAt, at, settled)
    step[name] = (step[name] ?? 0) + by
  }

  /** A step is of one minute and one run. */
  #stepFor(rule: StateRule, at: number, settled: Settled): Step {
    const minute = Math.floor(at / minuteUs) * minuteUs
    const begin = this.#work !== null && this.#work.from <= at ? Math.max(minute, this.#work.from) : minute
    if (this.#step?.at === begin) return this.#step
    if (this.#step !== null) settled.steps.push(this.#step)
    const step: Step = { at: begin, ...nothingCounted(rule) }
    this.#step = step
    return step
  }
}

/** The counters of one gap, as far as they are read again at one instant. */
function gapFor(rule: StateRule, since: number, at: number, { gaps }: Settled): Gap {
  const known = gaps.findLast((gap) => gap.at === at && gap.since === since)
  if (known !== undefined) return known
  const gap: Gap = { at, since, ...nothingCounted(rule) }
  gaps.push(gap)
  return gap
}

function nothingCounted({ total, good, scrap, rework }: StateRule): Omit<Step, 'at'> {
  const none = (signal: object | null): number | null => (signal === null ? null : 0)
  return { total: none(total), good: none(good), scrap: none(scrap), rework: none(rework) }
}
