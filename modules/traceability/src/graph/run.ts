import type { TagDirectory } from '@throughline/equipment'
import type { StoredRun } from '@throughline/execution'
import { findInstruction, findRun, listProgramChecks, listStepEntries } from '@throughline/execution'
import type { Id, Instant } from '@throughline/kernel'
import { toIso } from '@throughline/kernel'
import type { ProgramCheck, StepEntry, ThreadNode } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import type { GraphEdge, GraphNode } from './rules.ts'
import { lotNode, programsOf, programText } from './rules.ts'
import { forgetEdges, putEdges, putNodes, updateDetail } from './store.ts'
import { lotNodes, toolNodes, unregistered } from './words.ts'

type BegunRun = StoredRun & { readonly startedAt: Instant }

/** Says of an operation what is true of it now: its pieces, who was on it, where, with what, by which instruction. */
export async function hearRun(uow: UnitOfWork, directory: TagDirectory, runId: Id<'OperationRun'>): Promise<void> {
  const run = await findRun(uow.trx, runId)
  if (run === undefined) return
  await forgetEdges(uow.trx, runId)
  if (!hasBegun(run)) {
    await updateDetail(uow.trx, { kind: 'run', id: runId }, runNode(run, []).detail)
    return
  }
  const { startedAt, completedAt, subjects } = run
  const entries = await listStepEntries(uow.trx, runId)
  const checks = await listProgramChecks(uow.trx, runId)
  const used = [
    { kind: 'part-of', node: orderOf(run) },
    ...equipmentOf(run, directory).map((node) => ({ kind: 'made-on', node }) as const),
    ...readingsOf(run, directory).map((node) => ({ kind: 'recorded-as', node }) as const),
    ...(await instructionOf(uow, run)).map((node) => ({ kind: 'followed', node }) as const),
    ...programsOf(checks).map((node) => ({ kind: 'followed', node: { ...node, at: null, place: null } }) as const),
    ...(await toolsOf(uow, run, entries)).map((node) => ({ kind: 'used-tool', node }) as const),
  ] as const
  const people = [
    ...run.labour.map(({ personId: id, name, from: at, to: until }) => ({
      kind: 'done-by' as const,
      id,
      name,
      at,
      until,
    })),
    ...entries.map(({ by, at }) => ({ kind: 'done-by' as const, ...by, at, until: at })),
    ...entries.flatMap(({ verified }) =>
      verified === null ? [] : [{ kind: 'verified-by' as const, ...verified.by, at: verified.at, until: verified.at }],
    ),
  ]
  const self = runNode(run, checks)
  const pictures = entries.flatMap((entry): [GraphNode, Instant][] =>
    entry.value.type === 'photo' ? [[pictureOf(entry.value.blob, run.name), entry.at]] : [],
  )
  await putNodes(uow.trx, [
    ...(await lotNodes(uow, subjects)),
    ...pictures.map(([picture]) => picture),
    ...used.map(({ node }) => node),
    ...people.map(personOf),
    self,
  ])
  const said = { at: startedAt, until: completedAt, quantity: null, shared: false, runId }
  await putEdges(uow.trx, runId, [
    ...used.map(({ kind, node }): GraphEdge => ({ ...said, from: node, to: self, kind })),
    ...people.map(
      (person): GraphEdge => ({
        ...{ ...said, from: personOf(person), to: self, kind: person.kind, at: person.at, until: person.until },
      }),
    ),
    ...pictures.map(
      ([picture, at]): GraphEdge => ({
        ...{ ...said, from: picture, to: self, kind: 'documented-by', at, until: at },
      }),
    ),
    ...subjects.map((lotId): GraphEdge => ({ ...said, from: self, to: lotNode(lotId), kind: 'worked-in' })),
  ])
}

/** A run by what it does and for which order. */
export const runNodeOf = async ({ trx }: Pick<UnitOfWork, 'trx'>, run: StoredRun): Promise<GraphNode> =>
  runNode(run, await listProgramChecks(trx, run.id))

function runNode(run: StoredRun, checks: readonly ProgramCheck[]): GraphNode {
  const detail = [`${run.orderCode}, ${run.product}, ${run.state}`, ...programText(checks)].join('; ')
  const { id, name: label, startedAt: at, nodeId, siteId } = run
  return { kind: 'run', id, label, detail, at, place: nodeId ?? siteId }
}

const pictureOf = (blob: string, of: string): GraphNode => ({
  ...{ kind: 'document', id: blob, label: `Picture ${blob.slice(0, 12)}`, detail: `taken during ${of}` },
  ...{ at: null, place: null },
})

const hasBegun = (run: StoredRun): run is BegunRun => run.startedAt !== null

const orderOf = (run: BegunRun): GraphNode => ({
  ...{ kind: 'order', id: run.orderId, label: run.orderCode, detail: run.product, at: null, place: run.siteId },
})

const personOf = ({ id, name }: StepEntry['by']): GraphNode => ({
  ...{ kind: 'person', id, label: name, detail: '', at: null, place: null },
})

/** What was scanned when it began, and what its steps were done and measured with. */
async function toolsOf({ trx }: UnitOfWork, { tools }: BegunRun, entries: readonly StepEntry[]): Promise<GraphNode[]> {
  const gauges = entries.flatMap(({ value }) => (value.type === 'number' && value.gauge !== null ? [value.gauge] : []))
  const scanned = entries.flatMap(({ value }) => (value.type === 'scan' ? [value.code] : []))
  // A scan is of a piece, of material or of a tool: only what is registered as one is a tool.
  const registered = (await toolNodes(trx, scanned)).filter(({ detail }) => detail !== unregistered)
  return [...(await toolNodes(trx, [...tools, ...gauges])), ...registered]
}

function equipmentOf({ nodeId }: BegunRun, directory: TagDirectory): GraphNode[] {
  const node = nodeId === null ? undefined : directory.node(nodeId)
  if (node === undefined) return []
  return [{ kind: 'equipment', id: node.id, label: node.name, detail: node.path, at: null, place: node.id }]
}

/** The readings of its equipment while it was in hand, once that is over: `<node>/<from>/<to>`. */
function readingsOf({ nodeId, startedAt, completedAt }: BegunRun, directory: TagDirectory): GraphNode[] {
  const node = nodeId === null ? undefined : directory.node(nodeId)
  if (node === undefined || completedAt === null || completedAt <= startedAt) return []
  if (!directory.list().some((tag) => tag.nodeId === node.id)) return []
  const window: ThreadNode = { kind: 'process-data', id: `${node.id}/${startedAt}/${completedAt}` }
  const detail = `${toIso(startedAt)} to ${toIso(completedAt)}`
  return [{ ...window, label: `Readings of ${node.name}`, detail, at: startedAt, place: node.id }]
}

async function instructionOf({ trx }: UnitOfWork, { instructionId }: BegunRun): Promise<GraphNode[]> {
  const found = instructionId === null ? undefined : await findInstruction(trx, instructionId)
  if (found === undefined) return []
  const label = `${found.code} version ${found.version}`
  return [{ kind: 'instruction', id: found.id, label, detail: found.title['en'] ?? '', at: null, place: null }]
}
