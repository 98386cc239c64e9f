import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerVariable } from '../drivers/opcua/src/testing/server.ts'
import { startOpcUaServer } from '../drivers/opcua/src/testing/server.ts'

/** Told by the parent in the first two arguments. */
const [machines = 0, perMachine = 0, changesPerSecond = 0] = process.argv.slice(2).map(Number)

const paths = Array.from(
  { length: machines * perMachine },
  (_, index) => `M${Math.floor(index / perMachine)}/V${index % perMachine}`,
)
const variables: Record<string, ServerVariable> = {}
for (const path of paths) variables[path] = { dataType: 'Double', value: 0 }
const server = await startOpcUaServer({
  port: 0,
  variables,
  homeDir: mkdtempSync(join(tmpdir(), 'throughline-device-')),
})
process.send?.({ endpoint: server.endpoint })

/** Each value is the moment of its change, in milliseconds: whoever sees it can tell how old it is. */
let next = 0
let owed = 0
let last = performance.now()
setInterval(() => {
  const now = performance.now()
  owed += ((now - last) / 1000) * changesPerSecond
  last = now
  for (; owed >= 1; owed -= 1) {
    const path = paths[next++ % paths.length]
    if (path !== undefined) server.set(path, { value: Date.now() + Math.random() / 10 })
  }
}, 10)
process.on('disconnect', () => process.exit(0))
