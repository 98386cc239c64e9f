import type { AlarmReport } from '@throughline/edge'
import type { Instant } from '@throughline/kernel'
import type { Observation } from './document.ts'
import type { Reading } from './item-table.ts'
import { conditionKey } from './item-table.ts'

/** MTConnect has two levels and OPC UA a thousand: what stops the machine, and what does not yet. */
const severityOf: Readonly<Record<string, number>> = { FAULT: 800, WARNING: 400 }

/**
 * The active conditions of an agent as alarms, each native code (or condition id) of a data item one of its own:
 * `mill_system:SP02`. Nobody acknowledges them: MTConnect only tells.
 */
export class ConditionAlarms {
  /** By data item, what was told to stand. */
  readonly #standing = new Map<string, Map<string, AlarmReport>>()
  /** Data items that the machine cannot be asked about. */
  readonly #unavailable = new Set<string>()

  /** What the readings of conditions say anew; the others say nothing of alarms. */
  hear(readings: readonly Reading[], now: Instant): AlarmReport[] {
    return readings.flatMap((reading) => {
      if (reading.conditions === null) return []
      const before = this.#standing.get(reading.id) ?? new Map<string, AlarmReport>()
      const at = reading.at ?? now
      if (reading.text === null) {
        this.#unavailable.add(reading.id)
        return [...before.values()].map((report) => ({ ...report, active: null, at }))
      }
      this.#unavailable.delete(reading.id)
      const present = new Map(
        reading.conditions.map((one) => [nameOf(reading.id, one), reportOf(reading.id, one, now)]),
      )
      this.#standing.set(reading.id, present)
      const ended = [...before.values()].filter(({ condition }) => !present.has(condition))
      return [...present.values(), ...ended.map((report) => ({ ...report, active: false, at }))]
    })
  }

  /** All that stand; undefined while some of the machine cannot be asked. */
  get standing(): string[] | undefined {
    if (this.#unavailable.size > 0) return undefined
    return [...this.#standing.values()].flatMap((reports) => [...reports.keys()])
  }
}

const nameOf = (id: string, observation: Observation): string => {
  const key = conditionKey(observation)
  return key === '' ? id : `${id}:${key}`
}

function reportOf(id: string, observation: Observation, now: Instant): AlarmReport {
  const { attributes, element, text, at = now } = observation
  const { type = '', nativeCode = '' } = attributes as Partial<Record<string, string>>
  return {
    ...{ condition: nameOf(id, observation), active: true, acknowledged: null, comment: '', at, handle: null },
    severity: severityOf[element.toUpperCase()] ?? null,
    message: text === '' ? `${type} ${nativeCode}`.trim() || id : text,
  }
}
