import type { StateRule } from '@throughline/model'

/** A rule for the packers of the test plant: PackML, counters with rollover, order, product and reason. */
export const packerRule = {
  className: 'Packer',
  signal: { kind: 'packml', tag: 'State' },
  reasonTag: 'Reason',
  orderTag: 'Order',
  productTag: 'Product',
  total: null,
  good: { tag: 'Good', modulus: 1000 },
  scrap: { tag: 'Scrap', modulus: null },
  rework: null,
  idealCycleSeconds: 1,
  minorStopSeconds: 60,
  silenceSeconds: 300,
  reason: 'as commissioned',
} satisfies Omit<StateRule, 'id' | 'version' | 'effectiveFrom' | 'recordedBy'>

export const benchRule = {
  ...packerRule,
  className: 'Bench',
  signal: { kind: 'manual' },
  ...{ reasonTag: null, orderTag: null, productTag: null, good: null, scrap: null },
} satisfies Omit<StateRule, 'id' | 'version' | 'effectiveFrom' | 'recordedBy'>
