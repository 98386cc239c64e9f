import type { LiveTopic } from '@throughline/model'
import type { Module } from '@throughline/platform'

/** Hears what changes in the plant and says which lists on the pages are no longer true. */
export function liveTopicsModule(tell: (topic: LiveTopic) => void): Module {
  return {
    name: 'live',
    migrations: [],
    register(platform) {
      platform.on('alarm.changed', 'live.alarm', async () => tell('alarm'))
      platform.on('performance.state-changed', 'live.performance', async () => tell('performance'))
      platform.on('performance.past-changed', 'live.performance-past', async () => tell('performance'))
      platform.on('performance.shift-result-recorded', 'live.shift-result', async () => tell('performance'))
      platform.on('performance.andon-changed', 'live.andon', async () => tell('andon'))
    },
  }
}
