import type { Finding, FindingKind } from './finding.ts'

/**
 * How near a finding is to its cause. What was seen on a leaf itself (0) explains what follows from it (1), such as a
 * digest that no longer fits; both say more than what concerns the whole tree (2).
 */
export type Nearness = 0 | 1 | 2

const order: readonly FindingKind[] = [
  'unreadable',
  'forged',
  'altered',
  'reordered',
  'missing',
  'truncated',
  'rolled-back',
  'unproven',
]

/** Keeps the first finding of each nearness and counts all: a ruined bundle must not fill the memory. */
export class Findings {
  count = 0
  readonly kinds = new Set<FindingKind>()
  readonly #first: (Finding | undefined)[] = [undefined, undefined, undefined]
  readonly #entryOf = new Map<Finding, string>()

  /** `entry` is the id of the entry that will tell who and by which operation. */
  add(nearness: Nearness, finding: Finding, entry?: string): void {
    this.count++
    this.kinds.add(finding.kind)
    const first = this.#first[nearness]
    if (first !== undefined && !stands(finding, first)) return
    if (first !== undefined) this.#entryOf.delete(first)
    this.#first[nearness] = finding
    if (entry !== undefined) this.#entryOf.set(finding, entry)
  }

  /** Completes findings that wait for this entry. */
  tell(entry: { id: string; actor: string; operation: string }): void {
    if (this.#entryOf.size === 0) return
    for (const [finding, id] of this.#entryOf) {
      if (id !== entry.id) continue
      finding.actor ??= entry.actor
      finding.operation ??= entry.operation
      this.#entryOf.delete(finding)
    }
  }

  /** The one to report. */
  first(): Finding | undefined {
    return this.#first.find((finding) => finding !== undefined)
  }

  /** The first that was seen on a leaf itself. */
  firstSeen(): Finding | undefined {
    return this.#first[0]
  }
}

function stands(finding: Finding, before: Finding): boolean {
  const place = finding.place ?? Number.POSITIVE_INFINITY
  const other = before.place ?? Number.POSITIVE_INFINITY
  return place < other || (place === other && order.indexOf(finding.kind) < order.indexOf(before.kind))
}
