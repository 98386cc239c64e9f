import type { TagDirectory } from '@throughline/equipment'
import type { AsBuilt, Order, RecordRef, Signature } from '@throughline/model'
import { listSignatures } from '@throughline/model'
import type { Platform } from '@throughline/platform'
import { systemActor } from '@throughline/platform'
import type { Facts, RunFacts } from './facts.ts'
import { filesOf } from './files.ts'
import { labourOf, materialsOf, weighingsOf } from './inputs.ts'
import { programOf } from './program.ts'
import { parametersOf, windowOf } from './readings.ts'
import { peopleOf, stepsOf, toolAt, toolsOf } from './rules.ts'
import { unknownOf } from './unknown.ts'

/** Reads what hangs on a piece that somebody may see: readings and signatures. */
const reader = systemActor('traceability.as-built')

type Run = AsBuilt['runs'][number]
type SignaturesOn = (record: RecordRef) => Promise<Signature[]>

/** Puts together what the database, the readings and the signatures say of one lot. */
export async function composeAsBuilt(platform: Platform, directory: TagDirectory, facts: Facts): Promise<AsBuilt> {
  const { at, lot, order, definition, workDefinition, bom, movements, containers, records } = facts
  const pathOf = (id: Parameters<TagDirectory['node']>[0] | null): string | null =>
    id === null ? null : (directory.node(id)?.path ?? null)
  const signaturesOn: SignaturesOn = (record) => platform.run(listSignatures, reader, { record })
  const runs: Run[] = []
  for (const each of facts.runs) runs.push(await runOf(platform, directory, facts, each, signaturesOn))
  const deviations: AsBuilt['deviations'] = []
  for (const each of facts.deviations) {
    const signatures = each.closed === null ? [] : await signaturesOn({ kind: 'quality.deviation', id: each.id })
    deviations.push({ ...each, signatures })
  }
  const inspections = facts.inspections.map((each) => ({
    ...each,
    tool: each.gauge === null ? null : toolAt(each.gauge, each.at, facts.tools.get(each.gauge.toLowerCase())),
  }))
  const weighings = weighingsOf(facts)
  const told: Omit<AsBuilt, 'unknown'> = {
    ...{ at, lot, place: pathOf(lot.nodeId) },
    product: { code: lot.material, name: definition?.name ?? null, drawing: workDefinition?.drawing ?? null },
    order: order === undefined ? null : { ...withoutPieces(order), site: pathOf(order.siteId) },
    versions: await versionsOf(facts, signaturesOn),
    bom: bom === undefined ? null : { id: bom.id, version: bom.version, lines: bom.lines },
    genealogy: genealogyOf(facts),
    runs,
    ...{ weighings, inspections },
    ...{ deviations, holds: order?.holds ?? [] },
    movements: movements.map((each) => ({ ...each, place: pathOf(each.nodeId) })),
    containers: containers.map(({ id, sscc, kind, state }) => ({ id, sscc, kind, state })),
    files: filesOf(facts, { runs, inspections, weighings }),
    records: [...records],
  }
  return { ...told, unknown: unknownOf(told, facts) }
}

function withoutPieces({ subjects: _, instructions: __, holds: ___, ...order }: Order) {
  return order
}

async function runOf(
  platform: Platform,
  directory: TagDirectory,
  facts: Facts,
  each: RunFacts,
  signaturesOn: SignaturesOn,
): Promise<Run> {
  const { run, lotId, operation, entries } = each
  const window = windowOf(each, facts.at)
  const node = run.nodeId === null ? undefined : directory.node(run.nodeId)
  const tagIds = directory.list().flatMap((tag) => (tag.nodeId === node?.id ? [tag.id] : []))
  const signed: Run['steps'][number]['entries'] = []
  for (const entry of entries) {
    const isSigned = entry.value.type === 'signature' || entry.verified !== null
    const signatures = isSigned ? await signaturesOn({ kind: 'execution.step_entry', id: entry.id }) : []
    signed.push({ ...entry, signatures })
  }
  const overrides: Run['overrides'] = []
  for (const override of each.overrides) {
    const signatures = await signaturesOn({ kind: 'execution.gate_override', id: override.id })
    overrides.push({ ...override, signatures })
  }
  const { subjects, subjectCodes, ...shown } = run
  return {
    ...shown,
    lotCode: subjectCodes[subjects.indexOf(lotId)] ?? facts.lot.code,
    pieces: subjects.length,
    place: node?.path ?? null,
    specialProcess: operation?.specialProcess ?? false,
    program: await programOf(platform, directory, each),
    materials: materialsOf(facts, run.id),
    labourMs: labourOf(run),
    steps: stepsOf(each, signed),
    parameters: await parametersOf(platform, directory, reader, each, facts.at, facts.seals),
    readings: node === undefined || window === null || tagIds.length === 0 ? null : { nodeId: node.id, window, tagIds },
    toolsUsed: toolsOf(each, facts.tools),
    people: peopleOf(each, (id) => facts.qualifications.get(id) ?? []),
    overrides,
  }
}

function genealogyOf({ lots, genealogy, hidden, orderCodes }: Facts): AsBuilt['genealogy'] {
  const shown = new Set(lots.map(({ id }) => id))
  const made = new Set(genealogy.edges.map(({ to }) => to))
  return {
    lots: lots
      .map((lot) => ({
        ...{ id: lot.id, code: lot.code, material: lot.material, control: lot.control, unit: lot.unit },
        ...{ status: lot.status, supplier: lot.supplier, supplierLot: lot.supplierLot, certificate: lot.certificate },
        ...{ certificateNeeded: lot.certificateNeeded, expiresAt: lot.expiresAt, madeAt: lot.madeAt },
        openDeviations: lot.openDeviations,
        depth: genealogy.depths.get(lot.id) ?? 0,
        orderCode: lot.orderId === null ? null : (orderCodes.get(lot.orderId) ?? null),
        isRaw: !made.has(lot.id) && lot.orderId === null,
      }))
      .sort((a, b) => a.depth - b.depth || (a.code < b.code ? -1 : 1)),
    edges: genealogy.edges
      .filter(({ from, to }) => shown.has(from) && shown.has(to))
      .map(({ from, to, kind, quantity, at, runId }) => ({ from, to, kind, quantity, at, runId })),
    truncated: genealogy.truncated,
    hidden,
  }
}

async function versionsOf(facts: Facts, signaturesOn: SignaturesOn): Promise<AsBuilt['versions']> {
  const { definition, bom, workDefinition, runs } = facts
  const works = new Map(
    [workDefinition, ...runs.map((run) => run.definition)].flatMap((each) => (each ? [[each.id, each]] : [])),
  )
  const instructions = new Map(runs.flatMap(({ instruction }) => (instruction ? [[instruction.id, instruction]] : [])))
  const found = [
    ...(definition === undefined
      ? []
      : [
          {
            kind: 'material' as const,
            table: 'material.definition',
            title: definition.name,
            of: definition,
            code: definition.code,
          },
        ]),
    ...(bom === undefined
      ? []
      : [
          {
            ...{ kind: 'bill-of-material' as const, table: 'material.bom', of: bom, code: bom.product },
            title: `Bill of material of ${bom.product}`,
          },
        ]),
    ...[...works.values()].map((of) => ({
      ...{ kind: 'work-definition' as const, table: 'execution.work_definition', of, code: of.code },
      title: `How ${of.product} is made`,
    })),
    ...[...instructions.values()].map((of) => ({
      ...{ kind: 'instruction' as const, table: 'execution.instruction', of, code: of.code },
      title: of.title['en'] ?? of.code,
    })),
  ]
  const versions: AsBuilt['versions'] = []
  for (const { kind, table, title, code, of } of found) {
    const { id, version, state, effectiveAt, changeReason } = of
    const signatures = await signaturesOn({ kind: table, id })
    versions.push({ kind, id, code, title, version, state, effectiveAt, changeReason, signatures })
  }
  return versions
}
