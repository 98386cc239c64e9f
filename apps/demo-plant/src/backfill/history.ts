import { fromMs } from '@throughline/kernel'
import type { Sample, SampleValue } from '@throughline/model'
import { statusCode } from '@throughline/model'
import type { ModelValue, TagDefinition } from '../model/tag-definition.ts'
import { plantTags, tagsOf } from '../plant/assets.ts'
import { clockSkewMs } from '../plant/story.ts'
import { historySteps } from '../schedule.ts'
import { Simulator } from '../simulator.ts'

/** An unchanged value is told again after this long, so that silence in the history means a gap. */
const heartbeatMs = 300_000

/** What the agent kept in E18 comes so long after it is back: batches of what came later are stored by then. */
const keptForMs = 8 * 3_600_000

const gatewayTags = new Set(tagsOf('sparkplug').map((tag) => tag.index))

export interface HistoryOptions {
  readonly seed: number
  readonly epochMs: number
  readonly toMs: number
  /** The name of each tag in the samples, in the order of `plantTags`. */
  readonly tagIds: readonly string[]
  readonly samplesPerBatch: number
  /** What the agent kept in E18 comes last, marked as held. */
  readonly holdKept?: boolean
}

/** Samples in the order in which they go out, and how much of the past they cover, 0 to 1. */
export interface HistoryBatch {
  readonly samples: readonly Sample[]
  readonly fraction: number
  /** It waits with the agent that was cut off. */
  readonly isHeld?: boolean
}

/** Reports by exception, as an edge agent does: deadband, and a heartbeat. */
class Reporter {
  readonly #definitions: readonly TagDefinition[] = plantTags.map((tag) => tag.definition)
  readonly #last: (ModelValue | undefined)[] = plantTags.map(() => undefined)
  readonly #lastAt = new Float64Array(plantTags.length).fill(-Infinity)

  isDue(tag: number, atMs: number, value: ModelValue): boolean {
    const waited = atMs - (this.#lastAt[tag] ?? 0)
    if (waited < heartbeatMs) {
      const last = this.#last[tag]
      const { deadband, historyEveryMs } = this.#definitions[tag] as TagDefinition
      if (value === last || waited < historyEveryMs) return false
      if (typeof value === 'number' && typeof last === 'number' && Math.abs(value - last) < deadband) return false
    }
    this.#last[tag] = value
    this.#lastAt[tag] = atMs
    return true
  }
}

/**
 * The plant's past as batches of samples in time order over all tags, the same for the same options: a back-fill that
 * was interrupted makes them again and skips what was committed. Out of order are E18 (samples of the whole plant come
 * late), E20 (the gateway's clock is fast) and E23 (its samples come late and twice).
 */
export function* historyBatches(options: HistoryOptions): Generator<HistoryBatch> {
  const { seed, epochMs, toMs, tagIds, samplesPerBatch, holdKept = false } = options
  const simulator = new Simulator({ seed, epochMs, truth: { write: () => {} } })
  const reporter = new Reporter()
  let ready: Sample[] = []
  let late: Sample[] = []
  const kept = new Kept()
  for (const stepEnd of historySteps(epochMs, toMs)) {
    const step: Sample[] = []
    const gateway: Sample[] = []
    const disordered = simulator.storyAt('E23', stepEnd) !== undefined
    const skewed = simulator.storyAt('E20', stepEnd) !== undefined
    const cut = simulator.storyAt('E18', stepEnd)
    let sorted = true
    simulator.advance(stepEnd, (tag, atMs, value) => {
      if (!reporter.isDue(tag, atMs, value)) return
      const ofGateway = gatewayTags.has(tag)
      const sample = sampleOf(tag, tagIds[tag] ?? '', skewed && ofGateway ? atMs + clockSkewMs : atMs, value)
      if (disordered && ofGateway) gateway.push(sample)
      else step.push(sample)
      if (atMs !== stepEnd) sorted = false
    })
    if (!sorted) step.sort((a, b) => a.at - b.at)
    if (cut === undefined) ready.push(...step, ...(holdKept ? [] : kept.takeAt(stepEnd)))
    else kept.keep(step, cut.to + keptForMs)
    if (gateway.length > 0 && late.length === 0) late = gateway
    else if (late.length > 0) {
      ready.push(...gateway, ...late, ...gateway)
      late = []
    }
    while (ready.length >= samplesPerBatch) {
      yield { samples: ready.slice(0, samplesPerBatch), fraction: (stepEnd - epochMs) / (toMs - epochMs) }
      ready = ready.slice(samplesPerBatch)
    }
  }
  const held = kept.takeAt(Infinity)
  const rest = [...ready, ...late, ...(holdKept ? [] : held)]
  if (rest.length > 0) yield { samples: rest, fraction: 1 }
  if (holdKept && held.length > 0) yield { samples: held, fraction: 1, isHeld: true }
}

/** Samples that wait for the agent to be back. */
class Kept {
  #samples: Sample[] = []
  #untilMs = Infinity

  keep(samples: readonly Sample[], untilMs: number): void {
    this.#samples.push(...samples)
    this.#untilMs = untilMs
  }

  takeAt(atMs: number): Sample[] {
    if (this.#samples.length === 0 || atMs < this.#untilMs) return []
    return this.#samples.splice(0)
  }
}

function sampleOf(tag: number, id: string, atMs: number, value: ModelValue): Sample {
  const at = fromMs(atMs)
  return { tag: id, at, serverAt: at, value: toSampleValue(tag, value), status: statusCode.good }
}

/** The value as it leaves the plant: whole-number tags as 64-bit integers. */
export function toSampleValue(tag: number, value: ModelValue): SampleValue {
  return typeof value === 'number' && plantTags[tag]?.definition.dataType === 'int64' ? BigInt(value) : value
}
