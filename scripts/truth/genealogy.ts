import { setTimeout as wait } from 'node:timers/promises'
import { DomainError, fromMs, toIso, toMs } from '@throughline/kernel'
import type { AuditEntry, Client, Deviation } from '@throughline/model'
import { listAuditEntries, listDeviations, listLots, traceGenealogy } from '@throughline/model'
import type { PeopleTruth, TrueDeviation, TrueRefusal } from './genealogy-records.ts'
import type { Direction, Score, Step } from './genealogy-rules.ts'
import { matched, precisionOf, recallOf, scoreOf, sumOf, walk } from './genealogy-rules.ts'

export interface GenealogyComparison {
  readonly precision: number
  readonly recall: number
  /** That truly are. */
  readonly edges: number
  /** What is not as it should be, in words; empty = all is. */
  readonly wrong: readonly string[]
}

const patienceMs = 30 * 60_000
const askEveryMs = 2000
const mostTries = 5
const directions: readonly Direction[] = ['backward', 'forward']

/**
 * Asks for every lot and serial what went into it and what came of it, and holds the answers against what people truly did;
 * besides, what had to be refused and which deviations had to be opened.
 *
 * @param client may read genealogy, deviations and the audit trail
 */
export async function compareGenealogy(
  { client, truth }: { readonly client: () => Promise<Client>; readonly truth: () => PeopleTruth },
  log: (line: string) => void,
): Promise<GenealogyComparison> {
  const seen = await waitForPeople(truth, log)
  const { lots, edges } = seen
  log(`${lots.length} lots and serials, ${edges.length} edges, asked both ways`)
  const ask = await client()
  const scores: Score[] = []
  const wrong: string[] = []
  for (const { code } of lots) {
    for (const direction of directions) {
      const score = await scored(ask, code, direction, seen)
      scores.push(score)
      if (precisionOf(score) === 1 && recallOf(score) === 1) continue
      wrong.push(`${code} ${direction}: ${score.told} told, ${score.true} true, ${score.both} of them told`)
    }
  }
  wrong.push(...(await compareRefusals(ask, seen.refusals, log)))
  wrong.push(...(await compareDeviations(ask, seen, log)))
  wrong.push(...(await compareQuarantine(ask, seen, log)))
  wrong.push(...seen.left.map(({ errand, who, act, why }) => `${who} could not ${act} for ${errand}: ${why}`))
  const sum = sumOf(scores)
  return { precision: precisionOf(sum), recall: recallOf(sum), edges: edges.length, wrong }
}

/** What was committed a moment ago is not in the graph yet: a wrong answer is asked for again, for a while. */
async function scored(
  client: Client,
  code: string,
  direction: Direction,
  { edges, toMs: until }: Seen,
): Promise<Score> {
  const truth = walk(edges, code, direction)
  for (let tries = 1; ; tries += 1) {
    const score = scoreOf(await traced(client, code, direction, until), truth)
    if ((precisionOf(score) === 1 && recallOf(score) === 1) || tries === mostTries) return score
    await wait(askEveryMs)
  }
}

interface Seen extends PeopleTruth {
  readonly toMs: number
}

/** The past is long; it is waited for. */
async function waitForPeople(truth: () => PeopleTruth, log: (line: string) => void): Promise<Seen> {
  const deadline = performance.now() + patienceMs
  let before = -1
  while (performance.now() < deadline) {
    const now = tryRead(truth)
    if (now?.toMs !== undefined) {
      const { past } = now
      if (past !== undefined) log(`${past.deeds} deeds of people in ${past.seconds} s`)
      return { ...now, toMs: now.toMs }
    }
    const known = now?.lots.length ?? 0
    if (known !== before) log(`people are at work: ${known} lots and serials`)
    before = known
    await wait(askEveryMs)
  }
  throw new DomainError('unavailable', 'truth.not-ready', `People are not ready after ${patienceMs / 60_000} min`)
}

function tryRead(truth: () => PeopleTruth): PeopleTruth | undefined {
  try {
    return truth()
  } catch (error) {
    if (error instanceof DomainError && error.kind === 'not-found') return undefined
    throw error
  }
}

/** What the product tells of one lot, by labels; what happened after the truth was read is left out. */
async function traced(client: Client, code: string, direction: Direction, toMilliseconds: number): Promise<Step[]> {
  const { nodes, edges, truncated, hidden } = await client(traceGenealogy, { from: { code }, direction, maxDepth: 50 })
  if (truncated || hidden > 0) throw new DomainError('defect', 'truth.cut-off', `The trace of ${code} is not whole`)
  const labels = new Map(nodes.map(({ id, label }) => [id, label]))
  return edges
    .filter(({ at }) => toMs(at) <= toMilliseconds)
    .map(({ kind, from, to }) => ({ kind, from: labels.get(from.id) ?? from.id, to: labels.get(to.id) ?? to.id }))
}

const refusable = ['execution.run.start', 'execution.step.record'] as const

/** Each refusal stands in the audit trail with its cause; a gate that was closed for another reason than a planned one is told. */
async function compareRefusals(
  client: Client,
  wanted: readonly TrueRefusal[],
  log: (line: string) => void,
): Promise<string[]> {
  const found: AuditEntry[] = []
  for (const operation of refusable) {
    for (let before: number | undefined; ; ) {
      const page = await client(listAuditEntries, { operation, outcome: 'refused', ...pageBefore(before), limit: 1000 })
      found.push(...page)
      before = page.at(-1)?.number
      if (page.length < 1000 || before === undefined) break
    }
  }
  const { missing } = matched(wanted, found, fitsRefusal)
  for (const each of wanted) {
    const state = missing.includes(each) ? 'NOT REFUSED' : 'refused'
    log(
      `${each.story} ${toIso(fromMs(each.at)).slice(0, 16)} ${each.order} ${each.who}: ${each.gate} ${each.subject}: ${state}`,
    )
  }
  return missing.map(
    ({ story, order, gate, subject }) => `${story} ${order}: ${gate} of ${subject} is in no audit entry`,
  )
}

const pageBefore = (before: number | undefined) => (before === undefined ? {} : { before })

/** The same person was refused by the same error, at the same time by the person's own clock. */
const fitsRefusal = ({ who, code, at }: TrueRefusal, entry: AuditEntry): boolean => {
  const input = entry.input
  const told = typeof input === 'object' && input !== null && 'at' in input ? input.at : undefined
  return entry.actorName === who && entry.outcome === code && told === fromMs(at)
}

/** What was filled in a time that was not clean, and all that was made of it, is in quarantine, and nothing else that was filled. */
async function compareQuarantine(
  client: Client,
  { quarantines, ranges, edges }: Seen,
  log: (line: string) => void,
): Promise<string[]> {
  const wanted = new Set<string>()
  for (const { story, from, to } of quarantines) {
    const hit = ranges.filter((range) => range.from < to && range.to > from)
    const reached = hit.flatMap(({ lot }) => [lot, ...walk(edges, lot, 'forward').map((step) => step.to)])
    for (const code of reached) wanted.add(code)
    log(`${story} ${toIso(fromMs(from)).slice(0, 16)}: ${reached.join(', ')} had to go into quarantine`)
  }
  const filled = new Set(ranges.flatMap(({ lot }) => [lot, ...walk(edges, lot, 'forward').map((step) => step.to)]))
  const { lots } = await client(listLots, { status: 'quarantine', limit: 5000 })
  const told = lots.map(({ code }) => code).filter((code) => filled.has(code))
  const { missing, surplus } = matched([...wanted], told, (a, b) => a === b)
  return [
    ...missing.map((code) => `${code} is not in quarantine`),
    ...surplus.map((code) => `${code} is in quarantine and was filled in clean air`),
  ]
}

const plannedCauses = ['gate-override', 'limit-breach', 'person']

/** Each deviation that had to be opened was, and quality closed it; of its kind there is no other. */
async function compareDeviations(
  client: Client,
  { deviations: wanted, toMs: until }: Seen,
  log: (line: string) => void,
): Promise<string[]> {
  const { deviations, total } = await client(listDeviations, { limit: 2000 })
  const ofPeople = deviations.filter(
    ({ cause, orderCode }) => plannedCauses.includes(cause.kind) && orderCode?.startsWith('WO-4') === true,
  )
  const { missing, surplus } = matched(wanted, ofPeople, fitsDeviation)
  const counts = Map.groupBy(wanted, ({ story }) => story)
  for (const [story, all] of counts) {
    const open = all.filter((each) => missing.includes(each)).length
    log(`${story}: ${all.length - open} of ${all.length} deviations opened`)
  }
  log(`deviations of other causes (alarms and the like): ${total - ofPeople.length}`)
  // One that was opened after the truth was read is nobody's fault.
  const late = surplus.filter(({ at }) => toMs(at) <= until)
  const open = ofPeople.filter(({ state }) => state === 'open')
  return [
    ...missing.map(({ story, order, cause }) => `${story} ${order}: no deviation by ${cause} was opened`),
    ...late.map(({ code, title, orderCode }) => `${code} of ${orderCode} was not to be opened: ${title}`),
    ...open.map(({ code, orderCode }) => `${code} of ${orderCode} is still open`),
  ]
}

const fitsDeviation = ({ cause, order }: TrueDeviation, found: Deviation): boolean =>
  found.cause.kind === cause && found.orderCode === order
