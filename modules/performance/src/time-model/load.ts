import type { Id, Instant } from '@throughline/kernel'
import type { ProductStandard, Shift } from '@throughline/model'
import type { Database } from '@throughline/platform'
import { shiftsBetween } from '../calendar/rules.ts'
import { standardFor } from '../standard/rules.ts'
import type { Machine } from '../state-rule/machines.ts'
import { ruleAt } from '../state-rule/machines.ts'
import type { Extent } from './cells.ts'
import { listFactRows } from './fact-rows.ts'
import type { MachineFacts, RuleSpan, Standard } from './facts.ts'
import type { Settings } from './settings.ts'
import { readJudgement } from './settings.ts'

type NodeId = Id<'EquipmentNode'>

/** What all machines are judged by. */
export interface Judgement extends Settings {
  /** Since when anything is known of each machine. */
  readonly knownSince: ReadonlyMap<NodeId, Instant>
}

export async function loadJudgement(db: Database, machines: readonly Machine[]): Promise<Judgement> {
  return await readJudgement(
    db,
    machines.map((machine) => machine.nodeId),
  )
}

/** The facts of machines for a window, as they are known at `now`; machines of which nothing was ever known are left out. */
export async function loadFacts(
  db: Database,
  machines: readonly Machine[],
  window: Extent,
  now: Instant,
  judgement: Judgement,
): Promise<MachineFacts[]> {
  const nodeIds = machines.map((machine) => machine.nodeId)
  const above = [...new Set(machines.flatMap((machine) => machine.nodePath))]
  const rows = await listFactRows(db, { nodeIds, above, window, now, lines: judgement.lines })
  const { from } = rows
  const to = Math.min(window.to, now) as Instant
  const shiftsOf = calendarOf(judgement, from, to)
  const shifts = machines.map(shiftsOf)
  const first = shifts.reduce<number>((earliest, [shift]) => Math.min(earliest, shift?.from ?? from), from)
  const last = shifts.reduce<number>((latest, list) => Math.max(latest, list.at(-1)?.to ?? to), to)
  const lists = {
    states: byNode(rows.states),
    stops: byNode(rows.stops),
    runs: byNode(rows.runs.filter((run) => run.from < last)),
    entries: byNode(rows.entries.filter(({ madeAt }) => first <= madeAt && madeAt < last)),
  }
  return machines.flatMap((machine, index) => {
    const { nodeId } = machine
    const since = judgement.knownSince.get(nodeId)
    if (since === undefined) return []
    const told = lists.states.get(nodeId) ?? []
    return {
      nodeId,
      knownSince: since,
      until: now,
      states: told.map(({ from: begin, to: end, state }) => ({ from: begin, to: end, state })),
      shifts: shifts[index] ?? [],
      plannedStops: withoutPeople(
        rows.plannedStops.filter((stop) => machine.nodePath.includes(stop.nodeId)),
        told.filter((state) => state.source === 'manual'),
      ),
      stops: lists.stops.get(nodeId) ?? [],
      runs: lists.runs.get(nodeId) ?? [],
      steps: rows.steps.get(nodeId) ?? [],
      gaps: rows.gaps.get(nodeId) ?? [],
      entries: (lists.entries.get(nodeId) ?? []).map(({ nodeId: _, ...entry }) => entry),
      rules: ruleSpans(machine),
      standards: standardsOf(machine, judgement.standards),
    }
  })
}

/** Machines below the same calendars have the same shifts: a hundred of them are worked out once. */
function calendarOf({ calendars }: Judgement, from: Instant, to: Instant): (machine: Machine) => readonly Shift[] {
  const withCalendar = new Set<string>(calendars.map(({ nodeId }) => nodeId))
  const known = new Map<string, readonly Shift[]>()
  return ({ nodePath }) => {
    const path = nodePath.filter((nodeId) => withCalendar.has(nodeId))
    const key = path.join()
    const shifts = known.get(key) ?? shiftsBetween(calendars, path, from, to)
    known.set(key, shifts)
    return shifts
  }
}

const byNode = <Item extends { readonly nodeId: NodeId }>(items: readonly Item[]): ReadonlyMap<NodeId, Item[]> =>
  Map.groupBy(items, (item) => item.nodeId)

/** A planned stop takes the time from the machine, not from a person: who records a breakdown within one means it. */
function withoutPeople(
  planned: readonly { readonly from: Instant; readonly to: Instant }[],
  told: readonly { readonly from: Instant; readonly to: Instant | null }[],
): MachineFacts['plannedStops'] {
  return told.reduce<MachineFacts['plannedStops']>(
    (spans, { from, to }) =>
      spans.flatMap((span) => {
        if (to !== null && to <= span.from) return [span]
        const parts = [
          { from: span.from, to: Math.min(span.to, from) as Instant },
          { from: Math.max(span.from, to ?? span.to) as Instant, to: span.to },
        ]
        return parts.filter((part) => part.from < part.to)
      }),
    planned.map(({ from, to }) => ({ from, to })),
  )
}

/** The rule that holds from each instant at which one comes into force: a later version may reach further back. */
function ruleSpans({ rules }: Machine): RuleSpan[] {
  const beginnings = [...new Set(rules.map((rule) => rule.effectiveFrom))].sort((a, b) => a - b)
  return beginnings.flatMap((effectiveFrom) => {
    const rule = ruleAt(rules, effectiveFrom)
    if (rule === undefined) return []
    const { idealCycleSeconds, minorStopSeconds, total, good, scrap, signal } = rule
    return {
      effectiveFrom,
      idealCycleUs: idealCycleSeconds === null ? null : Math.round(idealCycleSeconds * 1e6),
      minorStopUs: Math.round(minorStopSeconds * 1e6),
      isCounting: total !== null || good !== null || scrap !== null,
      isHeard: signal.kind !== 'manual',
    }
  })
}

function standardsOf(machine: Machine, standards: readonly ProductStandard[]): Standard[] {
  const products = [...new Set(standards.map((standard) => standard.product))]
  return products.flatMap((product) => {
    const standard = standardFor(standards, machine, product)
    if (standard === undefined) return []
    const { idealCycleSeconds, plannedScrapRatio } = standard
    return { product, idealCycleUs: Math.round(idealCycleSeconds * 1e6), plannedScrapRatio }
  })
}
