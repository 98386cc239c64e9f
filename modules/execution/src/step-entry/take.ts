import { findAsset } from '@throughline/equipment'
import type { Decimal, Id, Instant } from '@throughline/kernel'
import { compare, DomainError, multiply, sum, zero } from '@throughline/kernel'
import type { IssueProblemKind } from '@throughline/material'
import { consume, effectiveLines, findLot, getBom, returnConsumed } from '@throughline/material'
import type { AskedMaterial, StepType, StepValue } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import type { ExecutionOptions } from '../execution.ts'
import { codeOf } from '../gate/load.ts'
import { sameSubject } from '../gate/rules.ts'
import { listOverrides } from '../gate/store.ts'
import type { RunCase } from '../run/held.ts'
import type { Piece } from '../run/routing.ts'
import { amountOf, judgeFilling, portionOf } from './filling.ts'
import type { Judged } from './judge.ts'
import { stepName } from './judge.ts'
import type { Cell } from './sequence.ts'
import { answersFor, cellsOf } from './sequence.ts'
import type { RunSheet } from './sheet.ts'
import type { Consumed } from './store.ts'

type Scan = Extract<StepValue, { type: 'scan' }>
type ScanAsked = Extract<StepType, { type: 'scan' }>

const issueKinds = [
  'material-status',
  'material-expiry',
  'out-life',
  'certificate',
] as const satisfies IssueProblemKind[]

const wrongScan = (cell: Cell, message: string, code = 'execution.scan-wrong'): DomainError =>
  new DomainError('conflict', code, `${stepName(cell.step)}: ${message}`, { step: cell.step.key })

/** @throws DomainError `conflict` when what was scanned is not what the step asks for */
export async function assertScanned(
  uow: UnitOfWork,
  { directory }: Pick<ExecutionOptions, 'directory'>,
  held: RunCase,
  sheet: RunSheet,
  cell: Cell,
  code: string,
): Promise<void> {
  const ask = cell.step.ask as ScanAsked
  const read = codeOf(code)
  switch (ask.expects) {
    case 'subject': {
      const wanted = sheet.subjects.filter(({ id }) => cell.subject === null || id === cell.subject)
      if (wanted.some((piece) => sameSubject(piece.code, read))) return
      const named = wanted.slice(0, 3).map((piece) => piece.code)
      throw wrongScan(cell, `${read} is not the piece that is worked on: scan ${named.join(' or ')}`)
    }
    case 'tool':
      return await assertAsset(uow, cell, read, ask.assetType)
    case 'equipment': {
      const node = held.run.nodeId === null ? undefined : directory.node(held.run.nodeId)
      if (node === undefined || [node.path, node.name, node.id].some((each) => sameSubject(each, read))) return
      throw wrongScan(cell, `${read} is not where this is done: scan ${node.path}`)
    }
    case 'material':
      return
  }
}

/** @throws DomainError `conflict` unless it is a tool or gauge of the type; whether it may be used, the gates say */
export async function assertAsset(uow: UnitOfWork, cell: Cell, code: string, type: string | null): Promise<void> {
  const asset = await findAsset(uow.trx, codeOf(code))
  if (asset === undefined) {
    throw wrongScan(cell, `there is no tool or gauge ${code}: scan another one, or have it registered`)
  }
  if (type !== null && !sameSubject(asset.type, type)) {
    throw wrongScan(cell, `${asset.code} is a ${asset.type}: take a ${type}`)
  }
}

/** A lot that was scanned, and what it makes of all that is asked. */
export interface Portion {
  readonly value: Scan
  readonly judged: Judged
  readonly consumed: Consumed
  readonly lotCode: string
}

/**
 * Measures what of the scanned lot goes into the pieces: what is missing yet of what the bill of material says for them, if
 * nobody says how much.
 * @param replaced the entry that this one corrects
 * @throws DomainError `conflict` for a lot that does not belong here
 */
export async function measure(
  uow: UnitOfWork,
  held: RunCase,
  sheet: RunSheet,
  cell: Cell,
  value: Scan,
  at: Instant,
  replaced: Id<'StepEntry'> | null,
): Promise<Portion> {
  const ask = cell.step.ask as ScanAsked
  const read = codeOf(value.code)
  const lot = await findLot(uow, { code: read })
  if (lot === undefined) throw wrongScan(cell, `there is no lot ${read}: scan again`)
  const pieces = sheet.subjects.filter(({ id }) => cell.subject === null || id === cell.subject)
  const needs = await needsOf(uow, held, pieces, ask.bomPosition, at)
  const fitting = [...new Set(needs.flatMap(({ materials }) => materials))]
  const [first] = needs
  if (
    first === undefined ||
    needs.some(({ materials }) => !materials.some((each) => sameSubject(each, lot.material)))
  ) {
    const wanted =
      fitting.length === 0
        ? `nothing is built in by position ${ask.bomPosition} here`
        : `position ${ask.bomPosition} takes ${fitting.join(' or ')}`
    throw wrongScan(cell, `${lot.code} is ${lot.material}, and ${wanted}`, 'execution.wrong-material')
  }
  const lines = answersFor(sheet, cell.step.key, cell.subject)
  const before = lines.flatMap(({ id, value: each }) =>
    id === replaced || each.type !== 'scan' || each.quantity === null ? [] : [each.quantity],
  )
  const amount = amountOf(sum(needs.map((each) => each.quantity)), first.unit, ask)
  const quantity = portionOf(value, amount, before, lot.quantity)
  if (compare(quantity, zero) <= 0) throw wrongScan(cell, `say how much of ${lot.code} goes in`)
  return {
    value: { ...value, quantity },
    judged: judgeFilling(amount, before, { ...value, quantity }),
    consumed: { lotId: lot.id, quantity, into: pieces.map(({ id }) => id), line: lines.length + 1 },
    lotCode: lot.code,
  }
}

/** Takes what was measured. @throws DomainError `conflict` for a lot that may not be used, or has less */
export async function take(uow: UnitOfWork, held: RunCase, { consumed, lotCode }: Portion, at: Instant): Promise<void> {
  const { lotId, quantity, into } = consumed
  const overrides = await listOverrides(uow.trx, held.run.id)
  const overridden = issueKinds.filter((kind) =>
    overrides.some((each) => each.kind === kind && sameSubject(each.subject, lotCode)),
  )
  await consume(uow, { ...workOf(held, uow, at), lotId, quantity, into, overridden })
}

/** What goes in by each step that scans material. */
export async function listAsked(uow: UnitOfWork, held: RunCase, sheet: RunSheet): Promise<AskedMaterial[]> {
  const found: AskedMaterial[] = []
  for (const { step, subject } of cellsOf(sheet)) {
    const { ask } = step
    if (ask.type !== 'scan' || ask.expects !== 'material') continue
    const pieces = sheet.subjects.filter(({ id }) => subject === null || id === subject)
    const needs = await needsOf(uow, held, pieces, ask.bomPosition, uow.at)
    const [first] = needs
    if (first === undefined) continue
    const amount = amountOf(sum(needs.map(({ quantity }) => quantity)), first.unit, ask)
    found.push({ step: step.key, subject, ...amount })
  }
  return found
}

/** Puts back what a corrected entry took. */
export async function putBack(
  uow: UnitOfWork,
  held: RunCase,
  { lotId, quantity, into }: Consumed,
  reason: string,
): Promise<void> {
  await returnConsumed(uow, { ...workOf(held, uow, uow.at), lotId, quantity, from: into, reason })
}

const workOf = ({ order, run }: RunCase, { at: now }: UnitOfWork, at: Instant) => ({
  orderId: order.id,
  runId: run.id,
  nodeId: run.nodeId ?? order.siteId,
  at: at > now ? now : at,
})

/** What a position of the bill of material asks for, for each piece: by its serial number. */
async function needsOf(
  uow: UnitOfWork,
  { order }: RunCase,
  pieces: readonly Piece[],
  position: number | null,
  at: Instant,
): Promise<{ quantity: Decimal; unit: string; materials: string[] }[]> {
  if (order.bomId === null) return []
  const bom = await getBom(uow, order.bomId)
  return pieces.flatMap((piece) =>
    effectiveLines(bom, { at, serial: piece.code })
      .filter((line) => line.position === position)
      .map((line) => ({
        quantity: multiply(line.quantity, piece.quantity),
        unit: line.unit,
        materials: [line.material, ...line.alternates],
      })),
  )
}
