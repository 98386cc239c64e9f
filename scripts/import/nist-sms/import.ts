import type { Instant } from '@throughline/kernel'
import type { Client } from '@throughline/model'
import type { AgentSession } from '../agent-session.ts'
import type { DataSet } from './data-set.ts'
import { prepare } from './definitions.ts'
import { recordInspections } from './inspections.ts'
import { assembly, codeOf } from './parts.ts'
import { makeAssembly } from './pieces.ts'
import { sendOriginals, sendReadings } from './readings.ts'

/** Where an import goes. */
export interface Into {
  readonly client: Client
  readonly session: AgentSession
  readonly now: () => Instant
  readonly say: (line: string) => void
}

/** What of the data set is in the plant now. */
export interface Counts {
  readonly orders: number
  readonly runs: number
  readonly samples: number
  readonly inspections: number
}

/**
 * Takes a data set that was read and checked into a plant. Everything has a code or a hash of its own, so that a second
 * import finds what is there and goes on with what is not.
 */
export async function importNistSms({ client, session, now, say }: Into, data: DataSet): Promise<Counts> {
  for (const { file, rejoined, doubled } of data.traces) {
    if (rejoined.length > 0) say(`${file.name}: line ${rejoined.join(', ')} is the value of the line before it`)
    if (doubled > 0) say(`${file.name}: ${doubled} second values at one instant are left out, as in the historian`)
  }
  for (const { file, ranAs } of data.programs) {
    const what =
      ranAs === null ? 'no operation is proved to have run it' : `${ranAs.part}, operation ${ranAs.operation}`
    say(`${file.name}: ${what}`)
  }
  for (const { file, pieces } of data.inspections) {
    if (pieces.has(null)) say(`${file.name}: results without a serial are kept under the name of the file`)
  }
  const places = await prepare(client, data)
  const files = await sendOriginals(session, data, now())
  say(`${files} files are in the store of files`)
  let [orders, runs] = [0, 0]
  for (let serial = 1; serial <= data.count; serial++) {
    const made = await makeAssembly(client, places, data, serial)
    orders += made.orders
    runs += made.runs
  }
  say(`${data.count} assemblies, ${codeOf(assembly, 1)} to ${codeOf(assembly, data.count)}`)
  const samples = await sendReadings({ client, session }, data, places.tags)
  // Last: a failed inspection opens a deviation, and what is held is not put together.
  const inspections = await recordInspections(client, data, now)
  return { orders, runs, samples, inspections }
}
