/** One step of a waterfall: what it takes away (negative: what it gives back). */
export interface WaterfallStep {
  readonly id: string
  readonly label: string
  readonly amount: number
}

/** One bar, as shares of the widest: the totals stand on 0, a step hangs where the one before it ended. */
export interface WaterfallBar {
  readonly id: string
  readonly label: string
  readonly kind: 'total' | 'loss' | 'gain'
  readonly amount: number
  readonly left: number
  readonly width: number
}

/** The bars of a waterfall from `start` by its steps down to what is left. Steps of nothing are left out. */
export function waterfallBars(
  start: { readonly label: string; readonly amount: number },
  steps: readonly WaterfallStep[],
  end: { readonly label: string; readonly amount: number },
): readonly WaterfallBar[] {
  const levels = [start.amount]
  for (const step of steps) levels.push((levels.at(-1) ?? 0) - step.amount)
  const widest = Math.max(...levels, end.amount)
  if (!(widest > 0)) return []
  const share = (amount: number): number => Math.min(1, Math.max(0, amount / widest))
  const total = (id: string, { label, amount }: { label: string; amount: number }): WaterfallBar => ({
    id,
    label,
    kind: 'total',
    amount,
    left: 0,
    width: share(amount),
  })
  const between = steps.flatMap((step, index): WaterfallBar[] => {
    if (step.amount === 0) return []
    const before = levels[index] ?? 0
    const after = levels[index + 1] ?? 0
    const low = share(Math.min(before, after))
    const kind = step.amount > 0 ? 'loss' : 'gain'
    return [
      {
        id: step.id,
        label: step.label,
        kind,
        amount: step.amount,
        left: low,
        width: share(Math.max(before, after)) - low,
      },
    ]
  })
  return [total('start', start), ...between, total('end', end)]
}
