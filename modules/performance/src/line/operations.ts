import { DomainError, newId } from '@throughline/kernel'
import type { LineSetting } from '@throughline/model'
import { listLines, setLine } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import type { NodeFinder } from '../reason/place.ts'
import { isWithin } from '../reason/place.ts'
import type { Machines } from '../state-rule/machines.ts'
import { markChanged } from '../watch/progress-store.ts'
import { insertLine, listLineSettings, nextLineVersion } from './store.ts'

export function registerLine(platform: Platform, nodes: NodeFinder, machines: Machines): void {
  platform.handle(listLines, async (uow) =>
    (await listLineSettings(uow.trx)).filter(({ lineId }) => isWithin(nodes, lineId, uow.scopes)),
  )

  platform.handle(setLine, async (uow, { basedOn, ...input }) => {
    const { lineId, machines: order, keyNodeId } = input
    assertOrder(nodes, machines, lineId, order)
    if (keyNodeId !== null && !order.some(({ nodeId }) => nodeId === keyNodeId)) throw keyMissing(keyNodeId)
    const version = await nextLineVersion(uow, lineId)
    const lines = await listLineSettings(uow.trx)
    if (basedOn !== undefined && basedOn !== version - 1) {
      throw changedMeanwhile(lines.find((each) => each.lineId === lineId))
    }
    const line: LineSetting = {
      ...input,
      id: newId<'LineSetting'>(uow.at),
      version,
      recordedBy: uow.actor.name,
      recordedAt: uow.at,
    }
    assertInNoOther(lines, line, machines)
    await insertLine(uow, line)
    const nodeIds = order.map(({ nodeId }) => nodeId)
    await markChanged(uow.trx, nodeIds, { from: 0, to: uow.at }, `line changed: ${input.reason}`)
    return line
  })
}

function assertOrder(
  nodes: NodeFinder,
  machines: Machines,
  lineId: LineSetting['lineId'],
  order: LineSetting['machines'],
): void {
  const line = nodes.node(lineId)
  if (line === undefined) {
    throw new DomainError('not-found', 'performance.node-unknown', `There is no equipment node ${lineId}`, { lineId })
  }
  const seen = new Set<string>()
  for (const { nodeId } of order) {
    const machine = machines.get(nodeId)
    if (!machine.nodePath.includes(lineId)) {
      throw refused('machine-elsewhere', `${machine.path} does not stand below ${line.path}: leave it out`)
    }
    if (seen.has(nodeId)) throw refused('machine-twice', `${machine.path} is listed twice: parts pass it once`)
    seen.add(nodeId)
  }
}

function assertInNoOther(lines: readonly LineSetting[], line: LineSetting, machines: Machines): void {
  for (const other of lines.filter(({ lineId }) => lineId !== line.lineId)) {
    const shared = other.machines.find(({ nodeId }) => line.machines.some((each) => each.nodeId === nodeId))
    if (shared === undefined) continue
    throw refused('machine-in-two', `${machines.get(shared.nodeId).path} already stands in another line`)
  }
}

const changedMeanwhile = (now: LineSetting | undefined): DomainError =>
  new DomainError(
    'conflict',
    'performance.line-changed',
    now === undefined
      ? 'The line has no order yet: look at it again, then set the first one'
      : `${now.recordedBy} set version ${now.version} of this line meanwhile: look at it, then change it anew`,
    { version: now?.version ?? 0 },
  )

const keyMissing = (keyNodeId: string): DomainError =>
  refused('key-elsewhere', `The key machine ${keyNodeId} is none of the machines of the line`)

const refused = (problem: string, message: string): DomainError =>
  new DomainError('invalid', `performance.line-${problem}`, message)
