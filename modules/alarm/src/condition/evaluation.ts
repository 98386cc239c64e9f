import type { Id, Instant } from '@throughline/kernel'
import { plusMs } from '@throughline/kernel'
import type { AlarmDefinition } from '@throughline/model'
import { storableText } from '../storable-text.ts'
import type { Reading, Show, Verdict } from './judge.ts'
import { judge } from './judge.ts'
import type { ConditionMemory, MachineMemory } from './memory.ts'

/** What an evaluation needs of a definition. */
export type Watched = Pick<
  AlarmDefinition,
  'id' | 'name' | 'tagId' | 'condition' | 'onDelaySeconds' | 'offDelaySeconds' | 'suppressWhile'
>

/**
 * What a condition tells: few of them for thousands of readings. `known` = only whether the signal can be trusted changed;
 * `re-alarm` = one more event while the alarm stands;
 * (un)`acknowledge` = at the machine that raised it.
 */
export interface Crossing {
  readonly kind: 'occur' | 'return' | 're-alarm' | 'suppress' | 'unsuppress' | 'known' | 'acknowledge' | 'unacknowledge'
  readonly at: Instant
  readonly detail: string
  /** What was said at the machine with its acknowledgement. */
  readonly comment?: string
  /** The deviation about what quality found and told by this. */
  readonly deviationId?: Id<'Deviation'> | null
}

/** One event that an alarm is raised by. */
export interface Occasion {
  readonly ref: string
  readonly at: Instant
  readonly detail: string
  /** Null = there is none about it. */
  readonly deviationId: Id<'Deviation'> | null
}

/** What a machine says beside whether its alarm stands. */
export interface HeardMachine extends MachineMemory {
  readonly comment: string
}

/**
 * Judges one alarm's condition, one reading after the other. It has no clock: delays run on the source's time, so that
 * an hour heard late gives the same alarms as the hour heard live; where no reading comes, `advance` is told the time.
 */
export class Evaluation {
  readonly definition: Watched
  readonly memory: ConditionMemory
  readonly #show: Show
  readonly #tell: (crossing: Crossing) => void
  #comment = ''

  constructor(definition: Watched, memory: ConditionMemory, show: Show, tell: (crossing: Crossing) => void) {
    this.definition = definition
    this.memory = memory
    this.#show = show
    this.#tell = tell
  }

  /** Hears one reading; one that is not newer than the newest of its tag is ignored. */
  hear(reading: Reading): void {
    const { memory, definition } = this
    const { condition, suppressWhile, tagId } = definition
    const newest = memory.heard[reading.tagId]
    if (newest !== undefined && reading.at <= newest) return
    memory.heard[reading.tagId] = reading.at
    this.advance(reading.at)
    if (suppressWhile?.tagId === reading.tagId) this.#suppress(suppressWhile.values, reading)
    if (condition.kind === 'external' || condition.kind === 'event') return
    const isOwn = reading.tagId === tagId
    const isReference =
      condition.kind === 'deviation' && 'tagId' in condition.from && condition.from.tagId === reading.tagId
    if (!isOwn && !isReference) return
    const verdict = judge(condition, memory, reading, this.#show)
    // A stale alarm is about readings that are not good: a bad one tells it nothing new.
    if (condition.kind === 'stale' && verdict.is === 'unknown') return
    this.#apply(reading.at, verdict)
  }

  /** Hears what another system says of its own alarm; null = it does not know. */
  hearExternal(active: boolean | null, at: Instant, detail: string, machine: HeardMachine | null = null): void {
    const { memory } = this
    if (at <= (memory.heard[externalSource] ?? -1)) return
    memory.heard[externalSource] = at
    this.advance(at)
    const wasAcknowledged = memory.machine?.acknowledged ?? false
    const wasStanding = memory.standing
    this.#hearMachine(machine)
    this.#judgeExternal(active, at, detail)
    const isAcknowledged = machine?.acknowledged === true
    const hasOccurred = memory.standing && !wasStanding
    // With an occurrence it is told already.
    if (isAcknowledged && !wasAcknowledged && !hasOccurred) this.#tellAcknowledged(at)
    if (!isAcknowledged && wasAcknowledged && wasStanding && active === true) {
      this.#tell({ kind: 'unacknowledge', at, detail: '' })
    }
  }

  /** Hears which events of quality stand, since `at`: the first raises the alarm, each further one raises it anew. */
  hearEvents(standing: readonly Occasion[], at: Instant): void {
    const { memory } = this
    const known = memory.events
    // A version that takes over from another one begins with what stands.
    const fresh =
      known === undefined && memory.standing ? [] : standing.filter(({ ref }) => known?.includes(ref) !== true)
    memory.events = standing.map(({ ref }) => ref)
    const since = Math.max(fresh.at(0)?.at ?? at, memory.heard[eventSource] ?? 0) as Instant
    memory.heard[eventSource] = since
    this.advance(since)
    const wasStanding = memory.standing
    const [first] = fresh.length > 0 ? fresh : standing
    const verdict: Verdict =
      first === undefined ? { is: 'normal' } : { is: 'abnormal', detail: storableText(first.detail) }
    this.#apply(since, verdict, first?.deviationId)
    for (const { detail, deviationId } of wasStanding ? fresh : []) {
      this.#tell({ kind: 're-alarm', at: since, detail: storableText(detail), deviationId })
    }
  }

  #hearMachine(machine: HeardMachine | null): void {
    if (machine === null) return
    const { comment, ...known } = machine
    this.#comment = comment
    this.memory.machine = known
  }

  #tellAcknowledged(at: Instant): void {
    this.#tell({ kind: 'acknowledge', at, detail: '', comment: storableText(this.#comment) })
  }

  #judgeExternal(active: boolean | null, at: Instant, detail: string): void {
    this.#apply(
      at,
      active === null
        ? { is: 'unknown' }
        : active
          ? { is: 'abnormal', detail: storableText(detail) }
          : { is: 'normal' },
    )
  }

  /** Lets the time go on to `at`: delays end, and what is silent becomes stale. */
  advance(at: Instant): void {
    const { memory, definition } = this
    const { condition } = definition
    if (condition.kind === 'stale' && !memory.standing && memory.pending === null) {
      const due = plusMs(memory.lastGood, condition.forSeconds * 1000)
      if (due <= at) this.#apply(due, { is: 'abnormal', detail: `no good reading for ${condition.forSeconds} s` })
    }
    const { pending } = memory
    if (pending === null) return
    const delaySeconds = memory.standing ? definition.offDelaySeconds : definition.onDelaySeconds
    const due = plusMs(pending.since, delaySeconds * 1000)
    if (due > at) return
    memory.pending = null
    memory.standing = !memory.standing
    memory.active = memory.standing
    const { detail, deviationId = null } = pending
    this.#tell({ kind: memory.standing ? 'occur' : 'return', at: due, detail, deviationId })
    // It was acknowledged at the machine before it was an alarm here.
    if (memory.standing && memory.machine?.acknowledged === true) this.#tellAcknowledged(due)
  }

  /** Whether the passing of time alone can change something. */
  get waits(): boolean {
    const { memory, definition } = this
    return memory.pending !== null || (definition.condition.kind === 'stale' && !memory.standing)
  }

  #apply(at: Instant, verdict: Verdict, deviationId: Id<'Deviation'> | null = null): void {
    const { memory } = this
    const isAgainst = verdict.is === (memory.standing ? 'normal' : 'abnormal')
    // What is not known to last does not last: a delay begins anew after a bad reading.
    if (!isAgainst) memory.pending = null
    else
      memory.pending ??= {
        since: at,
        ...(verdict.is === 'abnormal' ? { detail: verdict.detail, deviationId } : { detail: '' }),
      }
    this.#know(at, verdict.is === 'unknown' ? null : memory.standing)
    if (isAgainst) this.advance(at)
  }

  #know(at: Instant, active: boolean | null): void {
    const { memory } = this
    if (memory.active === active) return
    memory.active = active
    this.#tell({ kind: 'known', at, detail: '' })
  }

  #suppress(values: readonly string[], { at, value, quality }: Reading): void {
    // Only what is proved hides an alarm.
    const holds = quality === 'good' && value !== null && values.includes(String(value))
    if (holds === this.memory.suppressing) return
    this.memory.suppressing = holds
    this.#tell({ kind: holds ? 'suppress' : 'unsuppress', at, detail: '' })
  }
}

/** Stands where the tag of a reading stands, for alarms that are raised elsewhere. */
const externalSource = 'external'
const eventSource = 'event'
