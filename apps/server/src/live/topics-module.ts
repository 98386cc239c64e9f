import type { DomainEventName, LiveTopic } from '@throughline/model'
import type { Module } from '@throughline/platform'

/** Which lists on the pages are no longer true after what happened. */
const topics: Readonly<Partial<Record<DomainEventName, LiveTopic>>> = {
  'alarm.changed': 'alarm',
  'performance.state-changed': 'performance',
  'performance.past-changed': 'performance',
  'performance.shift-result-recorded': 'performance',
  'performance.andon-changed': 'andon',
  'execution.order-changed': 'execution',
  'execution.run-changed': 'execution',
  'execution.step-recorded': 'execution',
  'execution.step-verified': 'execution',
  'execution.gate-overridden': 'execution',
  // A version becomes effective by its last signature, and what is not clean or not in calibration keeps work from starting.
  'identity.record-signed': 'execution',
  'equipment.cleaning-changed': 'execution',
  'equipment.calibration-recorded': 'execution',
  'material.moved': 'material',
  'material.lot-status-changed': 'material',
  'material.container-changed': 'material',
  'quality.deviation-opened': 'quality',
  'quality.deviation-closed': 'quality',
  'quality.inspection-recorded': 'quality',
  'traceability.recall-changed': 'traceability',
}

/**
 * Hears what changes in the plant and says which lists on the pages are no longer true.
 *
 * @param mapped hears of tags that got the readings of a source which nobody knew before; belongs after the historian's module
 */
export function liveTopicsModule(tell: (topic: LiveTopic) => void, mapped: (tagId: string) => void): Module {
  return {
    name: 'live',
    migrations: [],
    register(platform) {
      for (const [event, topic] of Object.entries(topics) as [DomainEventName, LiveTopic][]) {
        platform.on(event, `live.${event}`, async () => tell(topic))
      }
      platform.on('historian.source-mapped', 'live.tag-table', async (_uow, { tagId }) => mapped(tagId))
    },
  }
}
