import type { KpiElements } from '@throughline/model'

const none: KpiElements = {
  calendarUs: 0,
  pbtUs: 0,
  pdotUs: 0,
  aptUs: 0,
  austUs: 0,
  adetUs: 0,
  adotUs: 0,
  minorStopUs: 0,
  starvedUs: 0,
  blockedUs: 0,
  unknownUs: 0,
  aoetUs: 0,
  pq: 0,
  gq: 0,
  sq: 0,
  rq: 0,
  psq: 0,
  idealUs: 0,
  idealGoodUs: 0,
  pqWithoutIdeal: 0,
  uncountedUs: 0,
  lostCountUs: 0,
  unknownIdealUs: 0,
  failures: 0,
  minorStops: 0,
  unexplainedUs: 0,
}

/** The names of all elements, in one order. */
export const elementNames = Object.keys(none) as readonly (keyof KpiElements)[]

export function noElements(): KpiElements {
  return { ...none }
}

/** Adds to the first what the second holds. */
function addElements(sum: KpiElements, more: KpiElements): void {
  for (const name of elementNames) sum[name] += more[name]
}

/** KPIs of many machines, shifts or orders come from their summed elements; a mean of ratios would weigh an idle hour like a busy one. */
export function sumElements(all: Iterable<KpiElements>): KpiElements {
  const sum = noElements()
  for (const elements of all) addElements(sum, elements)
  return sum
}

export function areSame(a: KpiElements, b: KpiElements): boolean {
  return elementNames.every((name) => a[name] === b[name])
}

/** Share of the planned busy time of which it is known what the machine did; null without any. */
export function coverageOf({ pbtUs, unknownUs }: KpiElements): number | null {
  return pbtUs === 0 ? null : (pbtUs - unknownUs) / pbtUs
}
