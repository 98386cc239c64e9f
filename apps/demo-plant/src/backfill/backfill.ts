import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import { fromMs, messageOf } from '@throughline/kernel'
import type { Client } from '@throughline/model'
import { encodeSampleBatch, listTags } from '@throughline/model'
import { plantTags } from '../plant/assets.ts'
import { historyBatches } from './history.ts'
import type { BackfillUplink } from './uplink.ts'

export interface BackfillOptions {
  readonly seed: number
  readonly epochMs: number
  readonly toMs: number
  readonly agent: string
  readonly client: Client
  readonly uplink: BackfillUplink
  readonly signal: AbortSignal
  readonly log: (line: string) => void
  /** With it what the agent kept in E18 is held back: called when all else is committed, and waited for. */
  readonly hold?: () => Promise<void>
}

/** How many samples of each tag went into the past, by path. */
export type BackfillCounts = Readonly<Record<string, number>>

const samplesPerBatch = 20_000
const askAgainMs = 2000

/** Sends the plant's past, from where the server's acknowledgements say it stands; settles when all is committed. */
export async function runBackfill(options: BackfillOptions): Promise<BackfillCounts> {
  const { seed, epochMs, toMs, agent, uplink, signal, log, hold } = options
  const tagIds = await fetchTagIds(options)
  const paths = new Map(plantTags.map((tag) => [tagIds[tag.index] ?? '', tag.path]))
  const counts: Record<string, number> = {}
  let sequence = 0
  let percent = -1
  const past = { seed, epochMs, toMs, tagIds, samplesPerBatch, holdKept: hold !== undefined }
  for (const { samples, fraction, isHeld } of historyBatches(past)) {
    signal.throwIfAborted()
    if (isHeld === true) {
      await uplink.drained()
      await hold?.()
      signal.throwIfAborted()
    }
    sequence++
    for (const { tag, at } of samples) {
      // The very last instant belongs to live operation too: a count that includes it could be checked by nobody.
      if (at >= fromMs(toMs)) continue
      const path = paths.get(tag) ?? tag
      counts[path] = (counts[path] ?? 0) + 1
    }
    if (sequence > uplink.acknowledged) await uplink.send(sequence, encodeSampleBatch(agent, sequence, samples))
    // The plant runs on in the same thread: let its second pass.
    await nextTurn()
    if (Math.floor(fraction * 100) === percent) continue
    percent = Math.floor(fraction * 100)
    uplink.tellProgress(Math.min(fraction, 0.99), `History of the demo plant, ${percent} %`)
    if (percent % 5 === 0) log(`backfill ${percent} %`)
  }
  await uplink.drained()
  uplink.tellProgress(1, 'History of the demo plant is complete')
  log('backfill 100 %, committed')
  return counts
}

/** Waits for the server, and until it knows every tag of the plant. */
async function fetchTagIds(options: BackfillOptions): Promise<string[]> {
  const { client, signal, log } = options
  let told = ''
  for (;;) {
    signal.throwIfAborted()
    const problem = await tryFetch(client, signal)
    if (typeof problem !== 'string') return problem
    if (problem !== told) log(`backfill waits: ${problem}`)
    told = problem
    await wait(askAgainMs, undefined, { signal })
  }
}

async function tryFetch(client: Client, signal: AbortSignal): Promise<string[] | string> {
  try {
    const { tags } = await client(listTags, { limit: 20_000 }, { signal })
    const ids = new Map(tags.map((tag) => [tag.path, tag.id]))
    const missing = plantTags.filter((tag) => !ids.has(tag.path))
    if (missing.length === 0) return plantTags.map((tag) => ids.get(tag.path) ?? '')
    return `the server lacks ${missing.length} tags of the plant, first ${missing[0]?.path}`
  } catch (error) {
    return messageOf(error)
  }
}
