import { standingOf } from '@throughline/identity'
import type { Decimal, Instant } from '@throughline/kernel'
import { add, compare, decimalOf, toIso, zero } from '@throughline/kernel'
import type { AsBuilt, MaterialMovement, Qualification, StepEntry } from '@throughline/model'
import { edgesOf, returnsOf } from '../graph/rules.ts'
import type { Genealogy, KnownTool, LotEdge, LotId, RunFacts } from './facts.ts'

type Run = AsBuilt['runs'][number]
type ToolUsed = Run['toolsUsed'][number]
type PersonUsed = Run['people'][number]
type Movement = Pick<MaterialMovement, 'id' | 'kind' | 'from' | 'to' | 'runId' | 'at'>

/** What went into these lots, by movements: what came back in full is in nothing, whichever was recorded first. */
export function edgesInto(movements: readonly Movement[], lots: ReadonlySet<LotId>): LotEdge[] {
  const nets = new Map<string, { put: Decimal; back: Decimal }>()
  const netOf = (from: string, to: string): { put: Decimal; back: Decimal } => {
    const net = nets.get(`${from} ${to}`) ?? { put: zero, back: zero }
    nets.set(`${from} ${to}`, net)
    return net
  }
  const edges = movements.flatMap((movement) => edgesOf(movement).map((edge) => ({ ...edge, movementId: movement.id })))
  for (const { from, to, kind, quantity } of edges) {
    if (kind !== 'built-into') continue
    const net = netOf(from.id, to.id)
    net.put = add(net.put, decimalOf(quantity ?? '0'))
  }
  for (const { from, to, quantity } of movements.flatMap(returnsOf)) {
    const net = netOf(from.id, to.id)
    net.back = add(net.back, decimalOf(quantity))
  }
  return edges.flatMap(({ from, to, kind, quantity, shared, at, runId, movementId }) => {
    if (!lots.has(to.id as LotId)) return []
    const { put, back } = netOf(from.id, to.id)
    if (kind === 'built-into' && back !== zero && compare(put, back) <= 0) return []
    const amount = shared || quantity === null ? null : decimalOf(quantity)
    return [{ movementId, from: from.id as LotId, to: to.id as LotId, kind, quantity: amount, at, runId }]
  })
}

const sameMatter: ReadonlySet<LotEdge['kind']> = new Set(['split-into', 'merged-into', 'transformed-into'])

/**
 * The lot itself, and the lots that it was split, merged or transformed from: what was done to those before was done to it.
 * `until` = when it parted from them; null = never.
 */
export function selvesOf(root: LotId, { edges }: Pick<Genealogy, 'edges'>): ReadonlyMap<LotId, Instant | null> {
  const selves = new Map<LotId, Instant | null>([[root, null]])
  const open: LotId[] = [root]
  for (let lot = open.pop(); lot !== undefined; lot = open.pop()) {
    const limit = selves.get(lot) ?? null
    for (const { from, to, kind, at } of edges) {
      if (to !== lot || !sameMatter.has(kind)) continue
      const until = limit === null || at < limit ? at : limit
      const known = selves.get(from)
      if (known === null || (known !== undefined && known >= until)) continue
      selves.set(from, until)
      open.push(from)
    }
  }
  return selves
}

/** Which of the lot's selves went through a run; undefined = it parted before, or the run was not begun then. */
export function selfIn(
  selves: ReadonlyMap<LotId, Instant | null>,
  { subjects, startedAt }: { readonly subjects: readonly LotId[]; readonly startedAt: Instant | null },
): LotId | undefined {
  for (const [lot, until] of selves) {
    if (subjects.includes(lot) && (until === null || (startedAt !== null && startedAt < until))) return lot
  }
  return undefined
}

/** A tool as it stood at a moment: its last calibration before, and the next one if that found it out of tolerance. */
export function toolAt(code: string, at: Instant, known: KnownTool | undefined): ToolUsed {
  if (known === undefined) {
    return { code, at, asset: null, calibration: null, inCalibration: null, doubtedBy: null }
  }
  const { asset, calibrations } = known
  const byTime = [...calibrations].sort((a, b) => a.at - b.at || a.recordedAt - b.recordedAt)
  const calibration = byTime.findLast((each) => each.at <= at) ?? null
  const next = byTime.find((each) => each.at > at)
  const good =
    calibration !== null &&
    calibration.asLeft === 'in-tolerance' &&
    (calibration.dueAt === null || at < calibration.dueAt)
  const { id, kind, type, description, needsCalibration } = asset
  return {
    ...{ code: asset.code, at, asset: { id, kind, type, description, needsCalibration }, calibration },
    inCalibration: needsCalibration && calibration !== null ? good : null,
    doubtedBy: next?.asFound === 'out-of-tolerance' ? next : null,
  }
}

/** What work was done with: what was scanned at its start, what steps were measured with, and tools that steps scanned. */
export function toolsOf({ run, entries }: RunFacts, tools: ReadonlyMap<string, KnownTool>): ToolUsed[] {
  const known = (code: string): KnownTool | undefined => tools.get(code.toLowerCase())
  const uses = new Map<string, { code: string; at: Instant }>()
  const use = (code: string, at: Instant): void => {
    const before = uses.get(code.toLowerCase())
    if (before === undefined || at < before.at) uses.set(code.toLowerCase(), { code, at })
  }
  if (run.startedAt !== null) for (const code of run.tools) use(code, run.startedAt)
  for (const { value, at } of entries) {
    if (value.type === 'number' && value.gauge !== null) use(value.gauge, at)
    // A scan is of a piece, of material or of a tool: only what is registered as one is a tool.
    if (value.type === 'scan' && known(value.code) !== undefined) use(value.code, at)
  }
  return [...uses.values()].map(({ code, at }) => toolAt(code, at, known(code)))
}

/** Codes of what may be tools in these runs. */
export function toolCodesOf(runs: readonly Pick<RunFacts, 'run' | 'entries'>[]): string[] {
  const codes = runs.flatMap(({ run, entries }) => [
    ...run.tools,
    ...entries.flatMap(({ value }) =>
      value.type === 'scan' ? [value.code] : value.type === 'number' && value.gauge !== null ? [value.gauge] : [],
    ),
  ])
  return [...new Map(codes.map((code) => [code.toLowerCase(), code])).values()]
}

/** Who worked on it or confirmed entries, since when, and how they stood with the skills that it asked of them. */
export function peopleOf(
  facts: RunFacts,
  qualificationsOf: (personId: string) => readonly Qualification[],
): PersonUsed[] {
  const { run, entries, operation, definition, instruction } = facts
  const forWhat = [
    null,
    ...(instruction === undefined ? [] : [`${instruction.code}@${instruction.version}`]),
    ...(definition === undefined ? [] : [`${definition.code}@${definition.version}`]),
  ]
  const stepOf = (key: string) => instruction?.steps.find((step) => step.key === key)
  const spans = [
    ...run.labour.map(({ personId: id, name, from, to }) => ({
      id,
      name,
      did: 'performed' as const,
      from,
      to,
      skills: [],
    })),
    ...entries.map((entry) => spanOf(entry.by, 'performed', entry.at, stepOf(entry.step)?.skill ?? null)),
    ...entries.flatMap(({ verified, step }) =>
      verified === null ? [] : [spanOf(verified.by, 'verified', verified.at, stepOf(step)?.verifierSkill ?? null)],
    ),
  ]
  return [...Map.groupBy(spans, ({ id, did }) => `${did} ${id}`).values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const { id, name, did } = first
    const from = Math.min(...group.map((span) => span.from)) as Instant
    const open = group.some(({ to }) => to === null)
    const to = open ? null : (Math.max(...group.map((span) => span.to ?? 0)) as Instant)
    const asked = new Set([
      ...(did === 'performed' ? (operation?.skills ?? []) : []),
      ...group.flatMap((span) => span.skills),
    ])
    const earned = qualificationsOf(id)
    const skills = [...asked].sort().map((skill) => ({
      skill,
      held: forWhat.some((what) => standingOf(earned, skill, from, what).state === 'held'),
    }))
    const counted = earned.filter(
      (each) =>
        asked.has(each.skill) &&
        each.validFrom <= from &&
        (each.validTo === null || from < each.validTo) &&
        (each.revoked === null || from < each.revoked.at),
    )
    const qualifications = counted.map(({ id: qualificationId, skill, evidence, validFrom, validTo }) => ({
      ...{ id: qualificationId, skill, evidence, validFrom, validTo },
    }))
    return [{ id, name, did, from, to, skills, qualifications }]
  })
}

const spanOf = (by: StepEntry['by'], did: PersonUsed['did'], at: Instant, skill: string | null) => ({
  ...{ ...by, did, from: at, to: at as Instant | null, skills: skill === null ? [] : [skill] },
})

/** Ids of the people who had a hand in these runs, who are known by the plant's own ids. */
export function peopleIn(runs: readonly Pick<RunFacts, 'run' | 'entries'>[]): string[] {
  const ids = runs.flatMap(({ run, entries }) => [
    ...run.labour.map(({ personId }) => personId),
    ...entries.flatMap(({ by, verified }) => [by.id, ...(verified === null ? [] : [verified.by.id])]),
  ])
  return [...new Set(ids)].filter((id) => uuid.test(id))
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Every step of the instruction with its entries; an entry of a step that the instruction does not hold stands behind them. */
export function stepsOf<Entry extends StepEntry>(
  { instruction }: Pick<RunFacts, 'instruction'>,
  entries: readonly Entry[],
): (Omit<Run['steps'][number], 'entries'> & { entries: Entry[] })[] {
  const steps = instruction?.steps ?? []
  const known = new Set(steps.map(({ key }) => key))
  const others = [...new Set(entries.map(({ step }) => step))].filter((key) => !known.has(key))
  const of = (key: string): Entry[] => entries.filter(({ step }) => step === key)
  return [
    ...steps.map(({ key, title, ask, optional, when, secondPerson }) => ({
      ...{ key, title: title['en'] ?? key, asks: ask.type, ask, optional, secondPerson },
      ...{ conditional: when !== null, entries: of(key) },
    })),
    ...others.map((key) => ({
      ...{ key, title: key, asks: 'unknown', ask: null, optional: true, secondPerson: false },
      ...{ conditional: false, entries: of(key) },
    })),
  ]
}

/** An instant within a sentence, which is read at any site. */
export const utcText = (at: Instant): string => `${toIso(at).slice(0, 19).replace('T', ' ')} UTC`

/** A run of one order, by its operation, for messages. */
export const runName = ({
  orderCode,
  sequence,
  name,
  attempt,
}: Pick<Run, 'orderCode' | 'sequence' | 'name' | 'attempt'>): string =>
  `${orderCode} operation ${sequence} ${name}${attempt > 1 ? `, attempt ${attempt}` : ''}`
