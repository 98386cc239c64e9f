import type { AlarmOptions, BusyWith, SampleSource } from '@throughline/alarm'
import { findSharedTimeZone } from '@throughline/equipment'
import type { Historian } from '@throughline/historian'
import type { Id, Instant } from '@throughline/kernel'
import type { ContextInterval } from '@throughline/model'
import { fromJsonValue, listContexts, listSamples } from '@throughline/model'
import type { Performance } from '@throughline/performance'
import type { Platform } from '@throughline/platform'
import { systemActor } from '@throughline/platform'
import type { ServerConfig } from './config.ts'
import type { LateFacts } from './identity-options.ts'

type Directory = AlarmOptions['directory']

const reader = systemActor('alarm', ['historian.sample.read', 'historian.context.read'])
const samplesAtOnce = 20_000

/** What the alarms ask of the rest of this plant. */
export function alarmOptions(
  config: ServerConfig,
  late: LateFacts,
  historian: Historian,
  directory: Directory,
  runsOf: Performance['runsOf'],
): Pick<AlarmOptions, 'samples' | 'busyWith' | 'plantName' | 'zoneOf' | 'notification'> {
  const platform = (): Platform => {
    if (late.platform === undefined) throw new Error('The alarms ask before the platform has started')
    return late.platform
  }
  return {
    samples: samplesOf(platform, historian, directory),
    busyWith: busyWith(platform, runsOf),
    plantName: config.plantName,
    zoneOf: async (db) => (await findSharedTimeZone(db)) ?? 'UTC',
    notification: {
      mail: config.mail,
      origin: () => config.origin ?? late.url ?? null,
      localWebhooks: config.localWebhooks,
    },
  }
}

function samplesOf(platform: () => Platform, historian: Historian, directory: Directory): SampleSource {
  return {
    last: (tagId) => historian.last(tagId),
    async samplesSince(tagId, after) {
      const dataType = directory.find(tagId)?.dataType
      if (dataType === undefined) return []
      const window = { from: (after + 1) as Instant, to: Number.MAX_SAFE_INTEGER as Instant }
      const { samples } = await platform().run(listSamples, reader, { tagId, window, limit: samplesAtOnce })
      return samples.map(({ at, value, status }) => ({ at, value: fromJsonValue(value, dataType) ?? null, status }))
    },
  }
}

/** Asked for a batch of alarms at a time: what people said the node was busy with, else the run that its tags tell. */
function busyWith(platform: () => Platform, runsOf: Performance['runsOf']): BusyWith {
  return async (asked) => {
    const spans = spansOf(asked)
    const contexts = new Map<Id<'EquipmentNode'>, readonly ContextInterval[]>()
    for (const [nodeId, { from, to }] of spans) {
      contexts.set(nodeId, await platform().run(listContexts, reader, { nodeId, from, to }))
    }
    const begin = Math.min(...asked.map(({ at }) => at)) as Instant
    const end = Math.max(...asked.map(({ at }) => at + 1)) as Instant
    const runs = await runsOf([...spans.keys()], begin, end)
    return asked.map(({ nodeId, at }) => {
      const during = (contexts.get(nodeId) ?? []).filter(({ from, to }) => from <= at && (to === null || at < to))
      const labelOf = (kind: ContextInterval['kind']): string | null =>
        during.find((context) => context.kind === kind)?.label ?? null
      const run = runs.find((each) => each.nodeId === nodeId && each.from <= at && (each.to === null || at < each.to))
      return { order: labelOf('order') ?? run?.order ?? null, batch: labelOf('batch'), step: labelOf('phase') }
    })
  }
}

function spansOf(
  asked: Parameters<BusyWith>[0],
): ReadonlyMap<Id<'EquipmentNode'>, { readonly from: Instant; readonly to: Instant }> {
  const spans = new Map<Id<'EquipmentNode'>, { from: Instant; to: Instant }>()
  for (const { nodeId, at } of asked) {
    const known = spans.get(nodeId)
    const from = Math.min(known?.from ?? at, at) as Instant
    const to = Math.max(known?.to ?? at, at + 1) as Instant
    spans.set(nodeId, { from, to })
  }
  return spans
}
