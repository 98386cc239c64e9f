import type { Id, Instant } from '@throughline/kernel'
import type { Shift } from '@throughline/model'
import type { Cell, CellOf, Extent } from './cells.ts'
import { Cursor } from './cursor.ts'
import type { Entry, Gap, MachineFacts, RuleSpan, Standard, Step } from './facts.ts'
import { runOver, unknownShareOf } from './gaps.ts'
import { ruleAt, spansOf } from './rule-spans.ts'

interface Quantities {
  readonly pq: number
  readonly gq: number
  readonly sq: number
  readonly rq: number
}

/**
 * What a step of the counters means. With two of produced, good and scrap the third follows; a machine that counts only
 * what it produces takes all of it for good until people say otherwise.
 */
function quantitiesOf({ total, good, scrap, rework }: Step): Quantities {
  const rq = rework ?? 0
  const pq = total ?? (good ?? 0) + (scrap ?? 0) + rq
  const gq = good ?? pq - (scrap ?? 0) - rq
  return { pq, gq, sq: scrap ?? pq - gq - rq, rq }
}

/** Scrap and rework that people find turn parts which the machine took for good; what no counter saw is added. */
function quantitiesOfEntry({ kind, quantity }: Entry): Quantities {
  switch (kind) {
    case 'produced':
      return { pq: quantity, gq: quantity, sq: 0, rq: 0 }
    case 'scrap':
      return { pq: 0, gq: -quantity, sq: quantity, rq: 0 }
    case 'rework':
      return { pq: 0, gq: -quantity, sq: 0, rq: quantity }
  }
}

/** `gaps` are those whose parts have a place. */
export function addCounts(facts: MachineFacts, { from, to }: Extent, cellOf: CellOf, gaps: readonly Gap[]): void {
  const isInside = (at: Instant): boolean => from <= at && at < to
  const standards = new Map(facts.standards.map((standard) => [standard.product, standard]))
  const rules = new Cursor(spansOf(facts.rules))
  const [shifts, runs, states] = [new Cursor(facts.shifts), new Cursor(facts.runs), new Cursor(facts.states)]
  for (const step of facts.steps) {
    if (!isInside(step.at)) continue
    for (const cursor of [shifts, runs, states, rules]) cursor.moveTo(step.at)
    if (shifts.item === null) continue
    const { order = null, product = null } = runs.item ?? {}
    const quantities = quantitiesOf(step)
    const cell = cellOf(step.at, shifts.item, order, product)
    const idealUs = add(cell, quantities, rules.item, standards.get(product ?? ''))
    if ((states.item?.state ?? 'no-data') === 'no-data') cell.elements.unknownIdealUs += quantities.pq * idealUs
    if (quantities.sq !== 0) addScrap(cell, null, quantities.sq, idealUs)
  }
  for (const gap of gaps) {
    const shift = facts.shifts.find((each) => each.from <= gap.at && gap.at < each.to)
    if (shift === undefined || !isInside(gap.at)) continue
    const { order = null, product = null } = runOver(gap, facts.runs) ?? {}
    const quantities = quantitiesOf(gap)
    const cell = cellOf(gap.at, shift, order, product)
    const idealUs = add(cell, quantities, ruleAt(facts.rules, gap.at) ?? null, standards.get(product ?? ''))
    cell.elements.unknownIdealUs += Math.round(quantities.pq * idealUs * unknownShareOf(gap, facts.states))
    if (quantities.sq !== 0) addScrap(cell, null, quantities.sq, idealUs)
  }
  addEntries(facts, isInside, cellOf, standards)
}

/** Shifts in which people counted what was produced: there a machine without counters is counted. */
export function listHandCounted(facts: MachineFacts): ReadonlySet<Shift> {
  const made = facts.entries.filter(({ kind }) => kind === 'produced').map(({ madeAt }) => madeAt)
  return new Set(facts.shifts.filter(({ from, to }) => made.some((at) => from <= at && at < to)))
}

function addEntries(
  facts: MachineFacts,
  isInside: (at: Instant) => boolean,
  cellOf: CellOf,
  standards: ReadonlyMap<string, Standard>,
): void {
  for (const entry of facts.entries) {
    const shift = facts.shifts.find((each) => each.from <= entry.madeAt && entry.madeAt < each.to)
    if (shift === undefined) continue
    if (!isInside(entry.madeAt)) continue
    const run = facts.runs.findLast((each) => each.from <= entry.madeAt && entry.madeAt < (each.to ?? facts.until))
    const order = entry.order ?? run?.order ?? null
    const product = entry.product ?? run?.product ?? null
    const rule = ruleAt(facts.rules, entry.madeAt) ?? null
    const cell = cellOf(entry.madeAt, shift, order, product)
    const idealUs = add(cell, quantitiesOfEntry(entry), rule, standards.get(product ?? ''))
    if (entry.kind === 'scrap') addScrap(cell, entry.reasonId, entry.quantity, idealUs)
  }
}

/** Answers the ideal time of one part; 0 where none is known. */
function add(
  { elements }: Cell,
  { pq, gq, sq, rq }: Quantities,
  rule: Pick<RuleSpan, 'idealCycleUs'> | null,
  standard: Standard | undefined,
): number {
  elements.pq += pq
  elements.gq += gq
  elements.sq += sq
  elements.rq += rq
  elements.psq += pq * (standard?.plannedScrapRatio ?? 0)
  const idealUs = standard?.idealCycleUs ?? rule?.idealCycleUs ?? null
  if (idealUs === null) {
    elements.pqWithoutIdeal += pq
    return 0
  }
  elements.idealUs += pq * idealUs
  elements.idealGoodUs += gq * idealUs
  return idealUs
}

function addScrap(cell: Cell, reasonId: Id<'Reason'> | null, quantity: number, idealUs: number): void {
  const loss = cell.scrapLosses.find((each) => each.reasonId === reasonId)
  const us = quantity * idealUs
  if (loss === undefined) cell.scrapLosses.push({ reasonId, us, count: 1, quantity })
  else {
    loss.us += us
    loss.count += 1
    loss.quantity += quantity
  }
}
