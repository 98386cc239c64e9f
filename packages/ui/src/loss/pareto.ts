/** One cause and what it cost. */
export interface ParetoItem {
  readonly key: string
  readonly label: string
  readonly amount: number
}

/** One bar of a Pareto chart: shares of the whole, and its length as a share of the longest. */
export interface ParetoBar extends ParetoItem {
  readonly share: number
  /** This one and all before it. */
  readonly together: number
  readonly length: number
}

/** Largest first; what does not find room is added up as the last bar, whatever its size. Items of nothing are left out. */
export function paretoBars(items: readonly ParetoItem[], most: number): readonly ParetoBar[] {
  const sorted = items
    .filter(({ amount }) => amount > 0)
    .toSorted((a, b) => b.amount - a.amount || (a.key < b.key ? -1 : 1))
  const rest = sorted.slice(most)
  const shown = sorted.slice(0, most)
  if (rest.length > 0) {
    const amount = rest.reduce((sum, item) => sum + item.amount, 0)
    shown.push({ key: 'rest', label: `${rest.length} others`, amount })
  }
  const whole = shown.reduce((sum, item) => sum + item.amount, 0)
  const longest = Math.max(...shown.map(({ amount }) => amount))
  let together = 0
  return shown.map((item) => {
    together += item.amount
    return { ...item, share: item.amount / whole, together: together / whole, length: item.amount / longest }
  })
}
