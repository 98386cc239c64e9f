import { findAsset, findOutage, getCleaning, listAssets, listEquipmentQualifications } from '@throughline/equipment'
import { listQualificationsOf } from '@throughline/identity'
import type { Id, Instant } from '@throughline/kernel'
import { ancestorsOf, effectiveLines, findLot, getBom, getLots, readScan } from '@throughline/material'
import type { Gate, Lot, Order, ProgramCheck, RoutingOperation, WorkDefinition } from '@throughline/model'
import type { UnitOfWork } from '@throughline/platform'
import type { ExecutionOptions } from '../execution.ts'
import { findInstruction } from '../instruction/store.ts'
import { openHolds } from '../order/rules.ts'
import { listScrapped } from '../order/store.ts'
import { runsBefore } from '../run/routing.ts'
import { nameOf } from '../run/rules.ts'
import type { StoredRun } from '../run/store.ts'
import { listRunsWith } from '../run/store.ts'
import type { GateFacts, ScannedAsset, ScannedLot } from './facts.ts'
import { assertGatesOpen, evaluateGates, programFound } from './rules.ts'
import { insertProgramCheck, listOverrides } from './store.ts'

type LotId = Id<'Lot'>

/** What gates are asked about. */
export interface GateQuestion {
  readonly run: StoredRun
  readonly order: Order
  readonly definition: WorkDefinition
  readonly operation: RoutingOperation
  readonly nodeId: Id<'EquipmentNode'> | null
  /** Pieces that would be worked on; absent = all of the run. */
  readonly subjects?: readonly LotId[]
  /** Codes of tools and gauges that were scanned; null = nothing is scanned yet. */
  readonly tools: readonly string[] | null
  /** Codes of what would be scanned besides: lots, gauges, tools. */
  readonly scanned?: readonly string[]
  /** Qualifications beyond those of the operation. */
  readonly skills?: readonly string[]
  readonly at: Instant
}

/** Looks at every gate of an operation as the caller would meet it. */
export async function lookAtGates(uow: UnitOfWork, options: ExecutionOptions, asked: GateQuestion): Promise<Gate[]> {
  return evaluateGates(await collectFacts(uow, options, asked))
}

/**
 * Looks at every gate of a run that is about to be worked on, and keeps what was found of the program with it.
 * @throws DomainError naming every closed gate
 */
export async function passGates(
  uow: UnitOfWork,
  options: ExecutionOptions,
  asked: GateQuestion,
  occasion: ProgramCheck['occasion'],
): Promise<void> {
  const facts = await collectFacts(uow, options, asked)
  const refused = occasion === 'start' ? 'cannot be started' : 'cannot be gone on with'
  assertGatesOpen(`${nameOf(asked.run)} ${refused}`, evaluateGates(facts))
  const found = programFound(facts)
  // What is loaded is known of now alone, whenever a device without connection says that the work began.
  if (found !== null) await insertProgramCheck(uow.trx, asked.run.id, { ...found, occasion, at: uow.at })
}

async function collectFacts(uow: UnitOfWork, options: ExecutionOptions, asked: GateQuestion): Promise<GateFacts> {
  const { run, order, operation, definition, at } = asked
  const subjects = asked.subjects ?? run.subjects
  const blocking = runsBefore(await listRunsWith(uow.trx, order.id, subjects), run, subjects)
  const instruction = run.instructionId === null ? undefined : await findInstruction(uow.trx, run.instructionId)
  const scans = await readScans(uow, asked)
  const ofOperation = operation.instruction !== null && instruction !== undefined
  return {
    at,
    order: { code: order.code, state: order.state, holds: openHolds(order.holds) },
    operation: { ...operation, skills: [...operation.skills, ...(asked.skills ?? [])] },
    before: blocking.map(({ sequence, name, subjects: held, subjectCodes }) => ({
      sequence,
      name,
      codes: subjectCodes.filter((_, index) => subjects.includes(held[index] as LotId)),
    })),
    instruction: instruction ?? null,
    person: {
      name: uow.actor.name,
      qualifications: uow.actor.kind === 'person' ? await listQualificationsOf(uow.trx, uow.actor.id) : [],
      worksBy: [
        ...(ofOperation ? [`${instruction.code}@${instruction.version}`] : []),
        `${definition.code}@${definition.version}`,
      ],
    },
    equipment: await equipmentOf(uow, options, asked),
    ...scans,
    assets: operation.tools.length > 0 && scans.scannedAssets === null ? await listAssets(uow.trx, {}) : [],
    suspect: await suspectOf(uow, subjects),
    overrides: await listOverrides(uow.trx, run.id),
  }
}

async function equipmentOf(
  uow: UnitOfWork,
  { directory, machineState, loadedProgram }: ExecutionOptions,
  { nodeId, operation, at }: GateQuestion,
): Promise<GateFacts['equipment']> {
  const path = nodeId === null ? undefined : directory.node(nodeId)?.path
  if (nodeId === null || path === undefined) return null
  const unknown = { fit: null, words: 'nobody tells here what it is doing' }
  return {
    path,
    condition: (await machineState?.(uow.trx, nodeId, at)) ?? unknown,
    cleaning: await getCleaning(uow, nodeId),
    outage: await findOutage(uow.trx, nodeId),
    qualified: operation.specialProcess ? await listEquipmentQualifications(uow.trx, nodeId) : [],
    program: operation.program === null ? undefined : await loadedProgram?.(nodeId),
  }
}

/** What of the pieces, and of all that went into them, is held. Sister pieces that became scrap are not meant. */
async function suspectOf(uow: UnitOfWork, subjects: readonly LotId[]): Promise<Lot[]> {
  const lots = await lotsOf(uow, [...new Set([...subjects, ...(await ancestorsOf(uow, subjects))])])
  const held = lots.filter(({ status }) => status === 'quarantine' || status === 'blocked' || status === 'rejected')
  const scrapped = await listScrapped(
    uow.trx,
    held.map(({ id }) => id),
  )
  return held.filter(({ id, status }) => status !== 'rejected' || !scrapped.has(id))
}

const lotsOf = (uow: UnitOfWork, ids: readonly LotId[]): Promise<Lot[]> =>
  ids.length === 0 ? Promise.resolve([]) : getLots(uow, ids)

async function readScans(
  uow: UnitOfWork,
  asked: GateQuestion,
): Promise<Pick<GateFacts, 'scannedAssets' | 'scannedLots' | 'unknownCodes'>> {
  const assets: ScannedAsset[] = []
  const lots: ScannedLot[] = []
  const unknownCodes: string[] = []
  for (const code of asked.tools ?? []) assets.push({ code, asset: await findAsset(uow.trx, codeOf(code)) })
  for (const text of asked.scanned ?? []) {
    const code = codeOf(text)
    const asset = await findAsset(uow.trx, code)
    const lot = asset === undefined ? await findLot(uow, { code }) : undefined
    if (asset !== undefined) assets.push({ code: asset.code, asset })
    else if (lot === undefined) unknownCodes.push(code)
    else if (!asked.run.subjects.includes(lot.id)) lots.push({ lot, fitting: await fittingOf(uow, asked) })
  }
  const isNothingScanned = asked.tools === null && assets.length === 0
  return { scannedAssets: isNothingScanned ? null : assets, scannedLots: lots, unknownCodes }
}

/** The lot or serial number that a scanned text names, by GS1 or as it stands. */
export function codeOf(scanned: string): string {
  const scan = readScan(scanned)
  if (scan.kind === 'plain') return scan.text
  return scan.kind === 'gs1' ? (scan.elements['21'] ?? scan.elements['10'] ?? scanned) : scanned
}

/** Materials that fit the positions of the operation, for one of the pieces at least. */
async function fittingOf(uow: UnitOfWork, { order, operation, run, at }: GateQuestion): Promise<string[]> {
  if (order.bomId === null) return []
  const bom = await getBom(uow, order.bomId)
  const lines = [null, ...run.subjectCodes].flatMap((serial) => effectiveLines(bom, { at, serial }))
  const here = lines.filter(({ position }) => operation.bomPositions.includes(position))
  return [...new Set(here.flatMap(({ material, alternates }) => [material, ...alternates]))]
}
