import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Finding, FindingKind } from './finding.ts'
import type { LeafRow } from './leaf-rows.ts'

const ChangeText = z.object({
  type: z.literal('change'),
  entry: z.string(),
  at: z.number(),
  record: z.object({ kind: z.string(), id: z.string() }),
  version: z.number(),
  previous: z.string().nullable(),
})

const EntryText = z.object({
  type: z.literal('entry'),
  id: z.string(),
  at: z.number(),
  actor: z.object({ id: z.string(), kind: z.string() }),
  operation: z.string(),
  outcome: z.string(),
  reason: z.string().nullable(),
  changes: z.object({ count: z.number(), digest: z.string() }),
})
const LeafText = z.discriminatedUnion('type', [ChangeText, EntryText])

/** What a leaf says, as far as it is checked; undefined when it says nothing of the kind. */
function parseLeaf(text: string): z.infer<typeof LeafText> | undefined {
  try {
    return LeafText.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

interface OpenEntry {
  readonly first: LeafRow
  readonly changes: { place: number; hash: Buffer }[]
}

/** Looks at leaves one after the other: whether rows say what their texts say, and what belongs together is together. */
export class Contents {
  /** Entries whose changes were seen: all leaves of one entry come from one transaction. */
  readonly #open = new Map<string, OpenEntry>()
  #transaction = '';

  /** @param sealed what stands for the leaf in its entry's digest: what it was when it was sealed */
  *look(row: LeafRow, place: number, sealed: Buffer): Generator<EntryFinding> {
    const transaction = `${row.era} ${row.xid}`
    if (transaction !== this.#transaction) yield* this.finish()
    this.#transaction = transaction
    if (!row.hash.equals(sealed)) {
      this.#passOver(row, place, sealed)
      return
    }
    if (!row.keptHash.equals(row.hash)) {
      yield told(row, place, 'altered', `${nameOf(row)}: the hash in its row was changed; its text is as it was sealed`)
    }
    const leaf = parseLeaf(row.text)
    if (leaf === undefined || leaf.type !== row.type) {
      yield told(row, place, 'altered', `${nameOf(row)}: its text is no leaf of a ledger`)
    } else if (leaf.type === 'change') {
      yield* this.#lookAtChange(row, leaf, place, sealed)
    } else {
      yield* this.#lookAtEntry(row, leaf, place)
    }
  }

  /** What was rewritten is told as that, and its words are not listened to; what belongs to it shall not miss it. */
  #passOver(row: LeafRow, place: number, sealed: Buffer): void {
    if (row.type === 'entry') this.#open.delete(row.entry)
    else this.#add(row, row.entry, place, sealed)
  }

  #add(row: LeafRow, entry: string, place: number, sealed: Buffer): void {
    const open = this.#open.get(entry) ?? { first: row, changes: [] }
    open.changes.push({ place, hash: sealed })
    this.#open.set(entry, open)
  }

  /** What is left without its entry. */
  *finish(): Generator<EntryFinding> {
    for (const { first, changes } of this.#open.values()) {
      const place = changes[0]?.place ?? 0
      yield told(first, place, 'missing', `${nameOf(first)}: the entry that tells who did it is gone`)
    }
    this.#open.clear()
  }

  *#lookAtChange(
    row: LeafRow,
    leaf: z.infer<typeof ChangeText>,
    place: number,
    sealed: Buffer,
  ): Generator<EntryFinding> {
    const differing = differences([
      ['entry', row.entry, leaf.entry],
      ['time', row.at, leaf.at],
      ['kind of record', row.kind, leaf.record.kind],
      ['record', row.record, leaf.record.id],
      ['version', row.version, leaf.version],
    ])
    if (differing !== '')
      yield told(row, place, 'altered', `${nameOf(row)}: its row says another ${differing} than its text`)
    else yield* lookAtVersion(row, leaf.previous, place)
    this.#add(row, leaf.entry, place, sealed)
  }

  *#lookAtEntry(row: LeafRow, leaf: z.infer<typeof EntryText>, place: number): Generator<EntryFinding> {
    const differing = differences([
      ['id', row.entry, leaf.id],
      ['time', row.at, leaf.at],
      ['person', row.actor, leaf.actor.id],
      ['kind of actor', row.actorKind, leaf.actor.kind],
      ['operation', row.operation, leaf.operation],
      ['outcome', row.outcome, leaf.outcome],
      ['reason', row.reason, leaf.reason],
    ])
    if (differing !== '')
      yield told(row, place, 'altered', `${nameOf(row)}: its row says another ${differing} than its text`)
    const changes = (this.#open.get(leaf.id)?.changes ?? []).sort((a, b) => a.place - b.place)
    this.#open.delete(leaf.id)
    if (changes.length < leaf.changes.count) {
      const gone = leaf.changes.count - changes.length
      yield told(
        row,
        place,
        'missing',
        `${nameOf(row)}: ${gone} of the ${leaf.changes.count} changes that it made are gone`,
      )
    } else if (digestOf(changes.map(({ hash }) => hash)) !== leaf.changes.digest) {
      yield told(row, place, 'altered', `${nameOf(row)}: its changes are not those that it tells of`)
    }
  }
}

function* lookAtVersion(row: LeafRow, previous: string | null, place: number): Generator<EntryFinding> {
  const version = row.version ?? 0
  if (version > 1 && row.before === null) {
    yield told(row, place, 'missing', `${nameOf(row)}: version ${version - 1} of the record is gone`)
  } else if ((row.before?.toString('hex') ?? null) !== previous) {
    yield told(row, place, 'altered', `${nameOf(row)}: it does not follow the version before it`)
  }
}

const digestOf = (hashes: readonly Buffer[]): string => createHash('sha256').update(Buffer.concat(hashes)).digest('hex')

/** Names of the columns that say something else than the text. */
const differences = (pairs: readonly (readonly [string, unknown, unknown])[]): string =>
  pairs
    .filter(([, column, text]) => column !== text)
    .map(([name]) => name)
    .join(', ')

/** A leaf in words. */
export const nameOf = (row: LeafRow): string =>
  row.type === 'entry'
    ? `Entry ${row.entry} (${row.operation} by ${row.actor})`
    : `Version ${row.version} of ${row.kind} ${row.record}`

/** A finding at a leaf. Who was at work at a change stands in its entry, see `withEntry`. */
export const told = (row: LeafRow, place: number | null, finding: FindingKind, message: string): EntryFinding => ({
  finding,
  place,
  at: row.at,
  actor: row.actor,
  operation: row.operation,
  message,
  entry: row.entry,
})

/** A finding that knows its entry. */
export interface EntryFinding extends Finding {
  readonly entry: string
}
