import { createHash } from 'node:crypto'

type Row = Record<string, string | number | null>

/** An id that looks like those of the product and says its number. */
export function idOf(kind: number, number: number): string {
  return `0190c0de-${kind.toString(16).padStart(4, '0')}-7000-8000-${number.toString(16).padStart(12, '0')}`
}

/** The kind of the records that the made operations change. */
export const batchKind = 'execution.batch'

/** Hash of a leaf with this text. */
export function leafHash(text: string): Buffer {
  return createHash('sha256').update(Buffer.of(0)).update(text).digest()
}

/** JSON as RFC 8785 has it, for the plain values used here. */
function toCanonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

/**
 * Texts of leaves of a plant where people work on batches, some operations on two of them, some signed, some refused;
 * always the same ones. They end with a whole entry once `count` are reached.
 */
export function* makeLeaves(count: number, batches = 1000): Generator<string> {
  const records = new Map<string, { version: number; hash: Buffer; row: Row }>()
  let made = 0
  for (let operation = 0; made < count; operation++) {
    const at = 1_795_000_000_000_000 + operation * 1_250_013
    const entry = idOf(2, operation)
    const left = count - made - 1
    const refused = operation % 7 === 6 || left === 0
    const changed: { kind: string; id: string; table: string; row: Row }[] = []
    const quantity = { unit: 'kg', value: operation / 8 }
    const batch = (number: number): void => {
      const row = { id: idOf(1, number), number: `B-${1000 + number}`, state: operation % 3 === 0 ? 'held' : 'running' }
      changed.push({ kind: batchKind, id: row.id, table: 'execution.batch', row: { ...row, quantity: quantity.value } })
    }
    if (!refused) batch(operation % batches)
    if (!refused && operation % 5 === 4 && left > 1 && batches > 1) batch((operation + 1) % batches)
    if (!refused && operation % 13 === 12 && left > changed.length) {
      const row = { id: idOf(3, operation), signs: idOf(1, operation % batches), meaning: 'reviewed' }
      changed.push({ kind: 'identity.signature', id: row.id, table: 'identity.signature', row })
    }
    changed.sort((a, b) => (a.kind + a.id < b.kind + b.id ? -1 : 1))
    const hashes: Buffer[] = []
    for (const { kind, id, table, row } of changed) {
      const last = records.get(`${kind} ${id}`)
      const text = toCanonical({
        type: 'change',
        v: 1,
        entry,
        at,
        record: { kind, id },
        version: (last?.version ?? 0) + 1,
        previous: last?.hash.toString('hex') ?? null,
        rows: [{ table, before: last?.row ?? null, after: row }],
      })
      const hash = leafHash(text)
      records.set(`${kind} ${id}`, { version: (last?.version ?? 0) + 1, hash, row })
      hashes.push(hash)
      made++
      yield text
    }
    made++
    yield toCanonical({
      type: 'entry',
      v: 1,
      id: entry,
      at,
      actor: { id: idOf(4, operation % 12), kind: 'person', name: `Kim Jensen ${operation % 12}`, roles: ['operator'] },
      operation: refused ? 'execution.batch.release' : 'execution.batch.record-quantity',
      input: { batchId: idOf(1, operation % batches), quantity },
      reason: operation % 4 === 0 ? 'Weighed again after “tare” was found wrong' : null,
      outcome: refused ? 'execution.batch-not-complete' : 'done',
      origin: { address: '10.20.0.17', station: 'Weighing 2' },
      session: idOf(5, operation % 12),
      cause: null,
      software: '0.1.0',
      clock: 'synchronised',
      changes: { count: hashes.length, digest: createHash('sha256').update(Buffer.concat(hashes)).digest('hex') },
    })
  }
}

/** Texts of one entry, later than those of `makeLeaves`, that made the first version of each of these records. */
export function* makeFirstVersions(
  made: readonly { readonly kind: string; readonly id: string; readonly row: object }[],
): Generator<string> {
  const at = 1_796_000_000_000_000
  const entry = idOf(6, 1)
  const texts = made.map(({ kind, id, row }) =>
    toCanonical({
      ...{ type: 'change', v: 1, entry, at, record: { kind, id }, version: 1, previous: null },
      rows: [{ table: kind, before: null, after: row }],
    }),
  )
  yield* texts
  const digest = createHash('sha256')
    .update(Buffer.concat(texts.map(leafHash)))
    .digest('hex')
  yield toCanonical({
    ...{ type: 'entry', v: 1, id: entry, at, operation: 'execution.run.complete', input: {}, reason: null },
    ...{ actor: { id: idOf(4, 1), kind: 'person', name: 'Kim Jensen 1', roles: ['operator'] }, outcome: 'done' },
    ...{ origin: null, session: null, cause: null, software: '0.1.0', clock: 'synchronised' },
    changes: { count: texts.length, digest },
  })
}
