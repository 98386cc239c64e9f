import type { Id } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Reason } from '@throughline/model'

type NodeId = Id<'EquipmentNode'>

/** Codes by which machines say that there is nothing to say. */
const noCodes: ReadonlySet<string> = new Set(['', '0'])

export const saysSomething = (code: string): boolean => !noCodes.has(code.trim())

/** The living stop reason that knows a machine's code, of the tree that lies nearest to the machine. */
export function reasonOfCode(reasons: readonly Reason[], path: readonly NodeId[], code: string): Reason | undefined {
  const spoken = code.trim()
  const knowing = reasons.filter(
    (each) => each.kind === 'stop' && !each.retired && each.machineCodes.some((known) => known.trim() === spoken),
  )
  for (const nodeId of path) {
    const found = knowing.find((each) => each.nodeId === nodeId)
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether a reason may be given, and does not only hold others together: a stop's has a category, scrap's has nothing below. */
const isLeaf = (reason: Reason, all: readonly Reason[]): boolean =>
  reason.kind === 'stop' ? reason.category !== null : !all.some((each) => each.parentId === reason.id && !each.retired)

/** Whether the reason may be given at a place; `path` = the place and all above it. */
export const isChoosable = (
  reason: Reason,
  kind: Reason['kind'],
  path: readonly NodeId[],
  all: readonly Reason[],
): boolean => reason.kind === kind && !reason.retired && path.includes(reason.nodeId) && isLeaf(reason, all)

/** @throws DomainError `invalid` (`performance.reason-unfit`) naming what is wrong with it */
export function assertChoosable(
  reason: Reason,
  kind: Reason['kind'],
  path: readonly NodeId[],
  all: readonly Reason[],
): void {
  if (isChoosable(reason, kind, path, all)) return
  const problem =
    reason.kind !== kind
      ? `is a reason for a ${reason.kind}, not for a ${kind}`
      : reason.retired
        ? 'is retired'
        : path.includes(reason.nodeId)
          ? 'only holds other reasons together'
          : 'belongs to another part of the plant'
  throw new DomainError(
    'invalid',
    'performance.reason-unfit',
    `The reason ${reason.code} ${problem}: choose one that performance.reason.list offers for this machine`,
    { reason: reason.code, fields: [{ path: 'reasonId', message: problem }] },
  )
}

/** A reason as it is to be, before it has an id. */
type ReasonDraft = Omit<Reason, 'id' | 'retired'>

/**
 * Whether a reason fits into its tree; `before` = what it was, undefined for a new one.
 * @throws DomainError `invalid` or `conflict`, naming the reason and what is in its way
 */
export function assertFits(draft: ReasonDraft, before: Reason | undefined, all: readonly Reason[]): void {
  if (!('en' in draft.texts))
    throw wrong('performance.reason-text-missing', draft, 'texts', 'needs a text in English (en)')
  if (draft.kind === 'scrap' && (draft.category !== null || draft.machineCodes.length > 0)) {
    throw wrong(
      'performance.reason-kind-mixed',
      draft,
      'category',
      'is for scrap: only stops have categories and machine codes',
    )
  }
  if (draft.kind === 'stop' && draft.category === null && draft.machineCodes.length > 0) {
    throw wrong('performance.reason-category-missing', draft, 'category', 'has machine codes and so needs a category')
  }
  if (!draft.machineCodes.every(saysSomething)) {
    throw wrong(
      'performance.machine-code-empty',
      draft,
      'machineCodes',
      'cannot have the machine code 0 or none: so machines say that nothing is wrong',
    )
  }
  if (before !== undefined) assertSameReason(draft, before)
  const others = all.filter((each) => each.id !== before?.id)
  assertUnique(
    draft,
    others.filter((each) => each.nodeId === draft.nodeId && each.kind === draft.kind),
  )
  assertParent(draft, before, all)
}

function assertSameReason(draft: ReasonDraft, before: Reason): void {
  const changed = (['kind', 'code', 'nodeId'] as const).filter((key) => draft[key] !== before[key])
  if (changed.length === 0) return
  throw wrong(
    'performance.reason-identity-changed',
    before,
    changed[0] ?? 'code',
    `keeps its ${changed.join(' and ')} for ever: retire it and add another`,
  )
}

function assertUnique(draft: ReasonDraft, tree: readonly Reason[]): void {
  const twin = tree.find((each) => each.code.toLowerCase() === draft.code.toLowerCase())
  if (twin !== undefined) {
    throw new DomainError(
      'conflict',
      'performance.reason-code-taken',
      `There is a reason ${twin.code} in this tree already${twin.retired ? ', though it is retired' : ''}: choose another code`,
      { code: twin.code },
    )
  }
  for (const code of draft.machineCodes) {
    const owner = tree.find((each) => !each.retired && each.machineCodes.includes(code))
    if (owner === undefined) continue
    throw new DomainError(
      'conflict',
      'performance.machine-code-taken',
      `The machine code ${code} already means ${owner.code}: take it away there first`,
      { machineCode: code, code: owner.code },
    )
  }
}

function assertParent(draft: ReasonDraft, before: Reason | undefined, all: readonly Reason[]): void {
  if (draft.parentId === null) return
  const parent = all.find((each) => each.id === draft.parentId)
  if (parent === undefined)
    throw wrong('performance.reason-parent-unknown', draft, 'parentId', 'has a parent that does not exist')
  if (parent.nodeId !== draft.nodeId || parent.kind !== draft.kind) {
    throw wrong(
      'performance.reason-parent-elsewhere',
      draft,
      'parentId',
      `cannot stand below ${parent.code}, which is of another tree`,
    )
  }
  if (parent.retired) {
    throw wrong(
      'performance.reason-parent-retired',
      draft,
      'parentId',
      `cannot stand below ${parent.code}, which is retired`,
    )
  }
  const seen = new Set<string>()
  for (let next: Reason | undefined = parent; next !== undefined && !seen.has(next.id); ) {
    if (next.id === before?.id) {
      throw wrong(
        'performance.reason-circle',
        draft,
        'parentId',
        `cannot stand below ${parent.code}, which stands below it`,
      )
    }
    seen.add(next.id)
    const above: string | null = next.parentId
    next = all.find((each) => each.id === above)
  }
}

/** @throws DomainError `conflict` when it is retired already, or others still stand below it */
export function assertRetirable(reason: Reason, all: readonly Reason[]): void {
  if (reason.retired) {
    throw new DomainError('conflict', 'performance.reason-retired', `The reason ${reason.code} is retired already`)
  }
  const below = all.filter((each) => each.parentId === reason.id && !each.retired).map((each) => each.code)
  if (below.length === 0) return
  throw new DomainError(
    'conflict',
    'performance.reason-holds-others',
    `Below ${reason.code} stand ${below.join(', ')}: retire them or move them first`,
    { below },
  )
}

/** Whether a change of a reason changes what its stops do to the figures. */
export const isJudgedAnew = (before: Reason, after: Reason): boolean =>
  before.category !== after.category || before.insidePlannedTime !== after.insidePlannedTime

const wrong = (code: string, reason: { readonly code: string }, path: string, problem: string): DomainError =>
  new DomainError('invalid', code, `The reason ${reason.code} ${problem}`, { fields: [{ path, message: problem }] })
