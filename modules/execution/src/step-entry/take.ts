import { findAsset } from '@throughline/equipment'
import type { Decimal, Instant } from '@throughline/kernel'
import { compare, DomainError, multiply, sum, zero } from '@throughline/kernel'
import type { IssueProblemKind } from '@throughline/material'
import { consume, effectiveLines, findLot, getBom, returnConsumed } from '@throughline/material'
import type { StepType, StepValue } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import type { ExecutionOptions } from '../execution.ts'
import { codeOf } from '../gate/load.ts'
import { sameSubject } from '../gate/rules.ts'
import { listOverrides } from '../gate/store.ts'
import type { RunCase } from '../run/held.ts'
import type { Piece } from '../run/routing.ts'
import { stepName } from './judge.ts'
import type { Cell } from './sequence.ts'
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

/**
 * Takes the scanned lot into the pieces: as much as the bill of material says for them, if nobody says how much.
 * @throws DomainError `conflict` for a lot that does not belong here, or may not be used
 */
export async function take(
  uow: UnitOfWork,
  held: RunCase,
  sheet: RunSheet,
  cell: Cell,
  value: Scan,
  at: Instant,
): Promise<{ value: Scan; consumed: Consumed }> {
  const { run } = held
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
  const quantity = value.quantity ?? sum(needs.map((each) => each.quantity))
  if (compare(quantity, zero) <= 0) throw wrongScan(cell, `say how much of ${lot.code} goes in`)
  const overrides = await listOverrides(uow.trx, run.id)
  const overridden = issueKinds.filter((kind) =>
    overrides.some((each) => each.kind === kind && sameSubject(each.subject, lot.code)),
  )
  const into = pieces.map(({ id }) => id)
  await consume(uow, { ...workOf(held, uow, at), lotId: lot.id, quantity, into, overridden })
  return { value: { ...value, quantity }, consumed: { lotId: lot.id, quantity, into } }
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
): Promise<{ quantity: Decimal; materials: string[] }[]> {
  if (order.bomId === null) return []
  const bom = await getBom(uow, order.bomId)
  return pieces.flatMap((piece) =>
    effectiveLines(bom, { at, serial: piece.code })
      .filter((line) => line.position === position)
      .map((line) => ({
        quantity: multiply(line.quantity, piece.quantity),
        materials: [line.material, ...line.alternates],
      })),
  )
}
