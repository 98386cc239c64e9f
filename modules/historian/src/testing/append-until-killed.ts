import { openDuckdbStore } from '../store/duckdb-store.ts'
import { batchOf, reading } from './batches.ts'

/** A process that stores batch after batch and says which are committed, until it is killed. Arguments: folder, samples a batch. */
const [dir = '', size = '100'] = process.argv.slice(2)
const store = await openDuckdbStore({ dir, memoryLimitMb: 200, threads: 1, commitEveryMs: 2 })
let sequence = store.start.cursors.get('agent') ?? 0
process.stdout.write(`start ${sequence}\n`)

async function append(): Promise<void> {
  for (;;) {
    sequence++
    const mine = sequence
    const count = Number(size)
    const samples = Array.from({ length: count }, (_, index) => reading('tag', (mine * count + index) * 1e6, mine))
    const batch = batchOf('agent', mine, samples)
    const { committedSequence } = await store.append({ batch, targets: ['tag'], expected: Uint8Array.of(1) })
    process.stdout.write(`committed ${committedSequence}\n`)
  }
}

await Promise.all([append(), append(), append()])
