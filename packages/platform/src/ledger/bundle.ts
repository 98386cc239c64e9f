import { hash } from 'node:crypto'
import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { BundleSubject, RecordRef } from '@throughline/model'
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Database, Tables } from '../database/tables.ts'
import type { PlacedLeaf } from './bundle-leaves.ts'
import { checkpointsOf, leavesBetween, leavesOfRecords, placesOfPeriod } from './bundle-leaves.ts'
import type { ChangeLeaf } from './leaf.ts'
import { consistencyProof, subtreesBetween } from './merkle.ts'
import { RecordReplay } from './replay.ts'
import type { CheckpointRow } from './store.ts'
import { findCheckpoint, findTexts, listCheckpoints, listKeyNotes } from './store.ts'
import { StoredTree } from './tree.ts'

/** What can be exported: a record, several of them, a window of time, or a window of places, `from <= place < to`. */
export type ExportSubject =
  | BundleSubject
  | { readonly kind: 'records'; readonly records: readonly RecordRef[] }
  | { readonly kind: 'places'; readonly from: number; readonly to: number }

/** A record for people, as a file. */
export interface BundleDocument {
  readonly name: string
  readonly content: Buffer
}

export interface BundleContext {
  readonly ledgerId: string
  readonly plant: string
  readonly software: string
  readonly exportedAt: Instant
  readonly document: BundleDocument | null
  /** Sizes of the checkpoints that whoever gets the bundle holds: it is proven against them too. */
  readonly witnessSizes: readonly number[]
}

/** A window of a quiet year holds half a million checkpoints; so many tell enough. */
const checkpointsAtMost = 1000
const textsAtATime = 200

/** Lines of a bundle (docs/guides/ledger-format.md), each with its newline, all from one moment of the database. */
export async function* exportBundle(
  db: Database,
  subject: ExportSubject,
  context: BundleContext,
): AsyncGenerator<string> {
  const trx = await db.startTransaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute()
  try {
    // Whoever fetches a large bundle over a slow line pauses in between.
    await sql`set local idle_in_transaction_session_timeout = '15min'`.execute(trx)
    for await (const line of linesOf(trx, subject, context)) yield `${JSON.stringify(line)}\n`
  } finally {
    await trx.rollback().execute()
  }
}

async function* linesOf(trx: Kysely<Tables>, subject: ExportSubject, context: BundleContext): AsyncGenerator<object> {
  const last = await findCheckpoint(trx)
  const tree = await StoredTree.open(trx, last?.size ?? 0)
  const window = await windowOf(trx, subject, tree.size)
  const records = recordsOf(subject)
  const leaves =
    records === null
      ? () => leavesBetween(trx, tree, window.from, window.to)
      : listed(await leavesOfRecords(trx, tree, records))
  yield headerOf(subject, window, context)
  for (const { note } of await listKeyNotes(trx)) yield { line: 'key', note }
  const places: number[] = []
  const gaps = await gapHashes(tree, leaves(), places)
  yield* checkpointLines(tree, await chooseCheckpoints(trx, subject, places, window, context.witnessSizes))
  if (subject.kind === 'record') {
    yield { line: 'record', state: await stateOf(trx, subject.record), document: documentLine(context.document) }
  }
  if (subject.kind === 'records') {
    for (const record of records ?? []) yield { line: 'state', record, state: await stateOf(trx, record) }
    yield { line: 'document', document: documentLine(context.document) }
  }
  yield { line: 'proof', hashes: gaps }
  let count = 0
  for await (const page of pages(leaves(), textsAtATime)) {
    for (const line of await leafLines(trx, tree, page)) {
      count += 1
      yield line
    }
  }
  yield { line: 'end', leaves: count }
}

/** Each once, as it is asked for; null = the subject is a window. */
function recordsOf(subject: ExportSubject): RecordRef[] | null {
  if (subject.kind === 'record') return [subject.record]
  if (subject.kind !== 'records') return null
  return [...new Map(subject.records.map(({ kind, id }) => [`${kind} ${id}`, { kind, id }])).values()]
}

interface Window {
  readonly from: number
  readonly to: number
}

async function windowOf(trx: Kysely<Tables>, subject: ExportSubject, size: number): Promise<Window> {
  if (subject.kind === 'window') return await placesOfPeriod(trx, subject.from, subject.to)
  if (subject.kind === 'record' || subject.kind === 'records') return { from: 0, to: size }
  const { from, to } = subject
  if (Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && from < to && to <= size)
    return { from, to }
  throw new DomainError(
    'invalid',
    'platform.ledger-window-invalid',
    `There are no places from ${from} up to ${to}: the ledger is signed from place 0 up to ${size}`,
    { from, to, size },
  )
}

function headerOf(subject: ExportSubject, { from, to }: Window, context: BundleContext): object {
  const { ledgerId: ledger, plant, exportedAt, software } = context
  const records = recordsOf(subject)
  const told =
    records === null
      ? { kind: 'window', from, to }
      : subject.kind === 'records'
        ? { kind: 'records', records }
        : { kind: 'record', record: records[0] }
  return { line: 'header', format: 'throughline-bundle/1', ledger, plant, exportedAt, software, subject: told }
}

const listed = (leaves: readonly PlacedLeaf[]) =>
  async function* (): AsyncGenerator<PlacedLeaf> {
    yield* leaves
  }

/** The roots of the subtrees between the leaves that are shown; their places are added to `places`, the first and last. */
async function gapHashes(tree: StoredTree, leaves: AsyncIterable<PlacedLeaf>, places: number[]): Promise<string[]> {
  const hashes: string[] = []
  const cover = async (from: number, to: number): Promise<void> => {
    for (const { level, index } of subtreesBetween(from, to))
      hashes.push((await tree.node(level, index)).toString('base64'))
  }
  let next = 0
  for await (const { place } of leaves) {
    await cover(next, place)
    next = place + 1
    if (places.length < 2) places.push(place)
    else places[1] = place
  }
  await cover(next, tree.size)
  return hashes
}

/**
 * The checkpoint that everything is proven against, those that first held what is shown, those at which a key ended,
 * those that the reader holds, and in a window all that were made in it.
 */
async function chooseCheckpoints(
  trx: Kysely<Tables>,
  subject: ExportSubject,
  places: readonly number[],
  window: Window,
  witnessSizes: readonly number[],
): Promise<CheckpointRow[]> {
  const keyEnds = (await listKeyNotes(trx)).map(({ note }) => Number(/\nfrom (\d+)\n/.exec(note)?.[1] ?? 0))
  const wanted = new Set([...(await checkpointsOf(trx, places)), ...keyEnds, ...witnessSizes])
  const within =
    recordsOf(subject) !== null ? [] : await listCheckpoints(trx, window.from, window.to, checkpointsAtMost)
  const bySize = new Map(within.map((checkpoint) => [checkpoint.size, checkpoint]))
  for (const size of wanted) {
    const found = await findCheckpoint(trx, size)
    if (found?.size === size) bySize.set(size, found)
  }
  const last = await findCheckpoint(trx)
  if (last !== undefined) bySize.set(last.size, last)
  return [...bySize.values()].sort((a, b) => a.size - b.size)
}

async function* checkpointLines(tree: StoredTree, checkpoints: readonly CheckpointRow[]): AsyncGenerator<object> {
  for (const { note } of checkpoints) yield { line: 'checkpoint', note }
  for (const [i, { size: to }] of checkpoints.entries()) {
    const from = checkpoints[i - 1]?.size
    if (from === undefined) continue
    const hashes = (await consistencyProof(tree.node, from, to)).map((each) => each.toString('base64'))
    yield { line: 'consistency', from, to, hashes }
  }
}

/** The rows of a record after its last version. A damaged record is told as far as it goes: the checker says what is wrong. */
async function stateOf(trx: Kysely<Tables>, { kind, id }: RecordRef): Promise<Record<string, unknown[]>> {
  const found = await sql<{ text: string }>`
    select text from platform.record_change where record_kind = ${kind} and record_id = ${id} order by version`.execute(
    trx,
  )
  const replay = new RecordReplay()
  for (const { text } of found.rows) {
    try {
      replay.apply((JSON.parse(text) as ChangeLeaf).rows)
    } catch (error) {
      if (!(error instanceof DomainError || error instanceof SyntaxError || error instanceof TypeError)) throw error
    }
  }
  const state: Record<string, unknown[]> = {}
  for (const { table, row } of replay.rows) state[table] = [...(state[table] ?? []), row]
  return state
}

function documentLine(document: BundleDocument | null): object | null {
  if (document === null) return null
  const { name, content } = document
  return { name, sha256: hash('sha256', content), base64: content.toString('base64') }
}

async function* pages<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let page: Item[] = []
  for await (const item of items) {
    page.push(item)
    if (page.length < size) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}

async function leafLines(trx: Kysely<Tables>, tree: StoredTree, page: readonly PlacedLeaf[]): Promise<object[]> {
  const texts = await findTexts(
    trx,
    page.map(({ position }) => position),
  )
  return await Promise.all(
    page.map(async ({ place, position: { seq } }) => {
      const sealed = await tree.sealedAt(place)
      return { line: 'leaf', index: place, text: texts.get(seq) ?? '', sealed: sealed?.toString('base64') ?? '' }
    }),
  )
}
