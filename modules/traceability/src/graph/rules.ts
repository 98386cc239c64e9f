import type { Id, Instant } from '@throughline/kernel'
import type { DomainEvents, ProgramCheck, ThreadEdge, ThreadNode } from '@throughline/model'

/** A node with the words by which people know it. */
export interface GraphNode extends ThreadNode {
  readonly label: string
  readonly detail: string
  readonly at: Instant | null
  readonly place: Id<'EquipmentNode'> | null
}

export interface GraphEdge {
  readonly from: ThreadNode
  readonly to: ThreadNode
  readonly kind: ThreadEdge['kind']
  readonly at: Instant
  /** When it ended; null = at once, or not yet: `open` tells which. */
  readonly until: Instant | null
  readonly quantity: string | null
  readonly shared: boolean
  readonly runId: Id<'OperationRun'> | null
}

/** What came back of what had gone into a piece. */
export interface Return {
  readonly from: ThreadNode
  readonly to: ThreadNode
  readonly quantity: string
}

/** What of a movement says what became of what. */
export type Moved = Pick<DomainEvents['material.moved'], 'kind' | 'from' | 'to' | 'runId' | 'at'>

/** Ids may come in whatever case; of two nodes with one key there is one. */
export const keyOf = ({ kind, id }: ThreadNode): string => `${kind}:${id.toLowerCase()}`

export const lotNode = (id: string): ThreadNode => ({ kind: 'lot', id })

const kinds: Readonly<Record<string, ThreadEdge['kind']>> = {
  consume: 'built-into',
  split: 'split-into',
  merge: 'merged-into',
  transform: 'transformed-into',
}

/** What became of what by a movement: of each lot on its one side, each on the other; of most movements nothing. */
export function edgesOf({ kind, from, to, runId, at }: Moved): GraphEdge[] {
  const word = kinds[kind]
  if (word === undefined) return []
  const pairs = from.flatMap((source) => to.map((target) => ({ source, target })))
  return pairs
    .filter(({ source, target }) => source.lotId !== target.lotId)
    .map(({ source, target }) => ({
      from: lotNode(source.lotId),
      to: lotNode(target.lotId),
      kind: word,
      at,
      until: at,
      quantity: word === 'split-into' ? target.quantity : source.quantity,
      shared: word !== 'split-into' && to.length > 1,
      runId,
    }))
}

/** What came back by a movement: the piece stands in its `from`, the lot that it came back to in its `to`. */
export function returnsOf({ kind, from, to }: Moved): Return[] {
  if (kind !== 'return') return []
  return to.flatMap((lot) =>
    from.map((piece) => ({ from: lotNode(lot.lotId), to: lotNode(piece.lotId), quantity: lot.quantity })),
  )
}

/**
 * The machine programs that work was done by: what was released, or what was loaded instead where the machine told its hash. Of a
 * machine that tells nothing, it is what was to be loaded.
 */
export function programsOf(checks: readonly ProgramCheck[]): (ThreadNode & { label: string; detail: string })[] {
  return checks.flatMap(({ expected, loaded, verdict }) => {
    const { name, sha256 } = verdict === 'other' ? (loaded ?? expected) : expected
    return sha256 === null
      ? []
      : [{ kind: 'document', id: sha256, label: `Program ${name}`, detail: 'machine program' }]
  })
}

const worstFirst: readonly ProgramCheck['verdict'][] = ['other', 'unknown', 'same-name', 'same']

/** What the gate found of the program, in words: the worst of it; none = no program is released for the work. */
export function programText(checks: readonly ProgramCheck[]): string[] {
  const [worst] = checks.toSorted((a, b) => worstFirst.indexOf(a.verdict) - worstFirst.indexOf(b.verdict))
  if (worst === undefined) return []
  const { expected, loaded, verdict } = worst
  switch (verdict) {
    case 'same':
      return [`program ${expected.name} as released`]
    case 'same-name':
      return [`program ${expected.name} by its name, its text was not told`]
    case 'unknown':
      return [`program ${expected.name} released, which one was loaded is not known`]
    case 'other':
      return [
        loaded === null || loaded.name === expected.name
          ? `NOT the released text of program ${expected.name}`
          : `program ${loaded.name} instead of ${expected.name}`,
      ]
  }
}
