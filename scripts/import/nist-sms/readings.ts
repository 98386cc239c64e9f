import type { Instant } from '@throughline/kernel'
import { DomainError } from '@throughline/kernel'
import type { Client, Sample } from '@throughline/model'
import { listSamples, statusCode } from '@throughline/model'
import type { AgentSession } from '../agent-session.ts'
import type { DataSet, Original, TraceFile } from './data-set.ts'
import type { Places } from './definitions.ts'

/** The readings of a trace as an edge agent would have sent them. */
function samplesOf({ observations }: Pick<TraceFile, 'observations'>, tags: Places['tags']): Sample[] {
  return observations.map(({ at, tag, value }) => {
    const status = value === null ? statusCode.badNoCommunication : statusCode.good
    return { tag: tags.get(tag.name) ?? missing(tag.name), at, serverAt: at, value, status }
  })
}

/**
 * Sends the readings of every trace, each as one batch of its own series; answers how many there are in the plant. A batch is
 * committed as a whole, so that one of its tags tells whether it is there.
 */
export async function sendReadings(
  { client, session }: { readonly client: Client; readonly session: AgentSession },
  { traces }: DataSet,
  tags: Places['tags'],
): Promise<number> {
  for (const trace of traces.toSorted((a, b) => a.from - b.from)) {
    if (await isThere(client, trace, tags)) continue
    await session.sendSamples(`nist-sms-${trace.file.sha256.slice(0, 16)}`, 1, samplesOf(trace, tags))
  }
  return traces.reduce((count, { observations }) => count + observations.length, 0)
}

async function isThere(client: Client, { observations }: TraceFile, tags: Places['tags']): Promise<boolean> {
  const statuses = observations.filter(({ tag }) => tag.name === 'Program_Status').map(({ at }) => at)
  const [first, last] = [statuses[0], statuses.at(-1)]
  const tagId = tags.get('Program_Status')
  if (first === undefined || last === undefined || tagId === undefined) return false
  const window = { from: first, to: last + 1 }
  const { samples } = await client(listSamples, { tagId, window, limit: 200_000 })
  const known = new Set(samples.map(({ at }) => at))
  return statuses.every((at) => known.has(at))
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
