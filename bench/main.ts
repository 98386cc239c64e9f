import { genealogy } from './genealogy.ts'
import { ingest } from './ingest.ts'
import { latency } from './latency.ts'
import { oee } from './oee.ts'
import { operations } from './operations.ts'
import { run as query } from './query.ts'

const benches: Readonly<Record<string, () => Promise<Record<string, unknown>>>> = {
  ingest,
  query,
  latency,
  oee,
  operations,
  genealogy,
}

/** `npm run bench -- NAME`: progress on stderr, one JSON line last. */
const name = process.argv[2] ?? ''
const bench = benches[name]
if (bench === undefined) {
  console.error(`Which benchmark? ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}
const result = await bench()
console.log(JSON.stringify({ bench: name, ...result }))
process.exit(0)
