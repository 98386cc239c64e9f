import { fromMs } from '@throughline/kernel'
import type { AlarmTransition, Client } from '@throughline/model'
import { listAlarmDefinitions, listAlarmHistory, listTags } from '@throughline/model'
import type { Past } from './past.ts'
import { waitForPast } from './past.ts'
import type { ComparedPlant } from './plant.ts'

/** An alarm that has to come: of this tag, in this time, milliseconds. */
export interface Expectation {
  readonly why: string
  readonly tag: string
  readonly earliest: number
  readonly latest: number
  /** Until when it may come again, as what it tells of is not mended yet; absent = `latest`. */
  readonly lingers?: number | undefined
}

export interface Occurrence {
  readonly tag: string
  readonly name: string
  readonly at: number
}

/** Stops that a machine tells by a signal which has an alarm. */
const stopSignals: Readonly<Record<string, { readonly state: string; readonly tag: string }>> = {
  'CNC-01': { state: 'Down', tag: 'CNC-01.SystemCondition' },
  'CNC-02': { state: 'Down', tag: 'CNC-02.SystemCondition' },
  'CUT-01': { state: 'Down', tag: 'CUT-01.State' },
  'FIL-01': { state: 'Aborted', tag: 'FIL-01.State' },
}

/**
 * What the story and the breakdowns of the machines must raise within the past; and what they `may` raise: what still lasts
 * at its end, as a state is written down when it ends, and a stop that began while the plant was cut off (E18), as what is
 * heard of it comes behind newer readings, which are what alarms are judged by.
 */
export function expectationsOf({ events, states, backfill }: Pick<Past, 'events' | 'states' | 'backfill'>): {
  readonly must: Expectation[]
  readonly may: Expectation[]
} {
  const story = events.flatMap(({ id, expected }) => expected.map((each) => ({ why: id, ...each })))
  const stops = states.flatMap(({ asset, state, from, to }) => {
    const signal = stopSignals[asset]
    return signal?.state === state ? [{ why: state, tag: signal.tag, earliest: from, latest: to }] : []
  })
  const last = Object.entries(stopSignals).map(([asset, { tag }]) => {
    const ends = states.filter((state) => state.asset === asset).map(({ to }) => to)
    return { why: 'it lasts', tag, earliest: Math.max(backfill.from, ...ends), latest: Number.POSITIVE_INFINITY }
  })
  const cuts = events.filter(({ id }) => id === 'E18')
  const isCutOff = ({ earliest }: Expectation): boolean =>
    cuts.some(({ from, to }) => earliest >= from && earliest < to)
  const owed = [...story, ...stops.filter((stop) => !isCutOff(stop))]
  return {
    must: owed.filter(({ latest }) => latest <= backfill.to),
    may: [...owed.filter(({ latest }) => latest > backfill.to), ...stops.filter(isCutOff), ...last],
  }
}

/** Each expectation is met by one occurrence or more of its tag in its time; what meets none, nor lingers, is false. */
export function held(
  expectations: readonly Expectation[],
  occurrences: readonly Occurrence[],
  may: readonly Expectation[] = [],
) {
  const isWithin = (expectation: Expectation, { tag, at }: Occurrence, end: number): boolean =>
    tag.toLowerCase() === expectation.tag.toLowerCase() && at >= expectation.earliest && at <= end
  const meets = (each: Expectation, occurrence: Occurrence): boolean => isWithin(each, occurrence, each.latest)
  const explains = (each: Expectation, occurrence: Occurrence): boolean =>
    isWithin(each, occurrence, each.lingers ?? each.latest)
  return {
    unmet: expectations.filter((each) => !occurrences.some((occurrence) => meets(each, occurrence))),
    uncalled: occurrences.filter((occurrence) => ![...expectations, ...may].some((each) => explains(each, occurrence))),
  }
}

export async function compareAlarms({ client, truth }: ComparedPlant, log: (line: string) => void) {
  const seen = await waitForPast(
    truth,
    async ({ backfill: { from, to } }) => `complete: ${(await listOccurrences(client, from, to)).length} alarms`,
    log,
  )
  const { must: expectations, may } = expectationsOf(seen)
  const { from, to } = seen.backfill
  const { unmet, uncalled } = held(expectations, await listOccurrences(client, from, to), may)
  const time = (at: number): string => new Date(at).toISOString().slice(0, 19)
  const byName = Map.groupBy(uncalled, ({ name }) => name)
  const lines = [
    ...unmet.map(({ why, tag, earliest }) => `not raised  ${why} ${tag} from ${time(earliest)}`),
    ...[...byName].map(([name, all]) => `false  ${all.length} × ${name}, first ${time(all[0]?.at ?? 0)}`),
  ]
  const falsePerDay = Math.round((uncalled.length / ((to - from) / 86_400_000)) * 100) / 100
  return { lines, expected: expectations.length, met: expectations.length - unmet.length, falsePerDay }
}

/** What calls an operator, unless it is suppressed, shelved or out of service. */
const calling = ['occur', 're-alarm', 'unsuppress', 'unshelve', 'shelf-expired', 'return-to-service'] as const

async function listOccurrences(client: Client, from: number, until: number): Promise<Occurrence[]> {
  const { tags } = await client(listTags, { limit: 20_000 })
  const nameOf = new Map(tags.map(({ id, path }) => [id, path.split('/').slice(-2).join('.')]))
  const tagOf = new Map(
    (await client(listAlarmDefinitions, {})).map(({ id, tagId }) => [id, tagId === null ? '' : nameOf.get(tagId)]),
  )
  const occurrences: Occurrence[] = []
  const window = { from: fromMs(from), to: fromMs(until) }
  for (let before: AlarmTransition['id'] | undefined; ; ) {
    const page = await client(listAlarmHistory, {
      ...{ window, events: [...calling], limit: 5000 },
      ...(before === undefined ? {} : { before }),
    })
    for (const { definitionId, name, at, to } of page.transitions) {
      if (to !== 'unacknowledged') continue
      occurrences.push({ tag: tagOf.get(definitionId) ?? '', name, at: at / 1000 })
    }
    before = page.transitions.at(-1)?.id
    if (!page.more || before === undefined) return occurrences.reverse()
  }
}
