import type { Module, Platform } from '@throughline/platform'
import { readMigrations } from '@throughline/platform'

/** The tables of the module, how they are told in the ledger, and what it mounts. */
export function moduleWith(register: (platform: Platform) => void): Module {
  return {
    name: 'alarm',
    migrations: readMigrations(new URL('./migrations/', import.meta.url)),
    records: {
      key: { release: 'definition_id', machine_answer: 'transition_id' },
      except: {
        alarm: 'where each alarm stands is worked out of its transitions, each a record of its own',
        occurrence: 'transitions gathered by occurrence',
        quality_event: 'told by quality, whose deviations, inspections and calibrations are records',
        closed_deviation: 'told by quality, whose deviations are records',
        watch_memory: 'up to which reading an alarm was watched',
      },
    },
    register,
  }
}
