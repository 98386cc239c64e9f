/** What one account may do, as MQTT topic filters. An empty list allows nothing. */
export interface BrokerRights {
  readonly publish: readonly string[]
  readonly subscribe: readonly string[]
}

/**
 * Whether every topic that `requested` (a topic or a filter) can match is matched by `allowed` too. Wildcards at the
 * first level never reach topics that begin with `$`.
 * @see MQTT 3.1.1, 4.7 "Topic Names and Topic Filters"
 */
export function covers(allowed: string, requested: string): boolean {
  const granted = allowed.split('/')
  const asked = requested.split('/')
  for (const [depth, level] of granted.entries()) {
    const hidden = depth === 0 && asked[0]?.startsWith('$')
    if (level === '#') return !hidden
    const other = asked[depth]
    if (other === undefined || other === '#') return false
    if (level === '+' ? hidden : level !== other) return false
  }
  return asked.length === granted.length
}

export function allows(filters: readonly string[], requested: string): boolean {
  return filters.some((filter) => covers(filter, requested))
}
