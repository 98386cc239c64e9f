import { createHash } from 'node:crypto'
import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Sample } from '@throughline/model'
import { statusCode } from '@throughline/model'
import type { AgentSession } from '../agent-session.ts'
import type { DataSet, Original, TraceFile } from './data-set.ts'
import type { Places } from './definitions.ts'

/** The readings of a trace as an edge agent would have sent them. */
export function samplesOf({ observations }: Pick<TraceFile, 'observations'>, tags: Places['tags']): Sample[] {
  return observations.map(({ at, tag, value }) => {
    const status = value === null ? statusCode.badNoCommunication : statusCode.good
    return { tag: tags.get(tag.name) ?? missing(tag.name), at, serverAt: at, value, status }
  })
}

/** Sends the readings of every trace, each as one batch, in the order of time; answers how many there are. */
export async function sendReadings(session: AgentSession, { traces }: DataSet, tags: Places['tags']): Promise<number> {
  const sorted = traces.toSorted((a, b) => a.from - b.from)
  // The same files make the same series: what the historian has committed of it, it does not take twice.
  const series = createHash('sha256')
    .update(sorted.map(({ file }) => file.sha256).join(' '))
    .digest('hex')
    .slice(0, 16)
  for (const [index, trace] of sorted.entries()) {
    await session.sendSamples(`nist-sms-${series}`, index + 1, samplesOf(trace, tags))
  }
  return traces.reduce((count, { observations }) => count + observations.length, 0)
}

/** Sends every original into the store of files, under its hash. Inspections go by the API, which knows their kind and piece. */
export async function sendOriginals(session: AgentSession, data: DataSet, takenAt: Instant): Promise<number> {
  for (const file of data.originals) {
    const statistics = data.inspections.find((each) => each.file === file)?.statistics ?? []
    const parsed = { results: [], curves: [], statistics: [...statistics] }
    await session.sendDocument(descriptionOf(file, takenAt, parsed), file.bytes)
  }
  return data.originals.length
}

function descriptionOf(
  { name, sha256, kind, bytes }: Original,
  takenAt: Instant,
  parsed: Parameters<AgentSession['sendDocument']>[0]['parsed'],
) {
  return { hash: sha256, name: `nist-sms/${name}`, kind, connection: 'nist-sms', takenAt, size: bytes.length, parsed }
}

function missing(name: string): never {
  const message = `The machine has no tag ${name}: its class in this plant is another one. Import into an empty plant`
  throw new DomainError('conflict', 'import.tag-missing', message, { name })
}
