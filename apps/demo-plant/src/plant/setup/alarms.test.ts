import { AlarmDefinition, adoptAlarmDefinitions } from '@throughline/model'
import { describe, expect, test } from 'vitest'
import { Story } from '../story.ts'
import { alarmDefinitions } from './alarms.ts'
import { machineAlarms } from './machine-alarms.ts'
import { qualityAlarmDefinitions } from './quality-alarms.ts'

const idOf = '018f0000-0000-7000-8000-000000000000'
/** As the server sees it, every name being the id of something. */
const resolvedOf = (definitions: unknown): unknown =>
  JSON.parse(JSON.stringify(definitions), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && ('$tag' in value || '$node' in value) ? idOf : value,
  )
const resolved = resolvedOf(alarmDefinitions)

describe('the alarm list of the plant', () => {
  test('is taken over as it is: every alarm is complete', () => {
    const list = { definitions: resolved, document: 'AUR-ALM-001, version 1', reason: 'At commissioning' }
    expect(adoptAlarmDefinitions.input.safeParse(list).error).toBeUndefined()
    expect(alarmDefinitions.length).toBeGreaterThan(40)
  })

  test('takes over the alarm that the filling line raises itself, under the name that its server gives it', () => {
    const [list] = machineAlarms
    const resolvedList: unknown = JSON.parse(JSON.stringify(list?.input), (_key, value: unknown) =>
      typeof value === 'object' && value !== null && '$node' in value ? idOf : value,
    )
    expect(adoptAlarmDefinitions.input.safeParse(resolvedList)).toMatchObject({
      success: true,
      data: {
        definitions: [
          { condition: { kind: 'external', source: 'opcua-plant/nsu=urn:throughline:demo-plant;s=FIL-01.Alarms.Jam' } },
        ],
      },
    })
  })

  test('has an alarm at each site for whatever quality finds, of whatever severity', () => {
    const list = {
      definitions: resolvedOf(qualityAlarmDefinitions),
      document: 'AUR-ALM-003',
      reason: 'At commissioning',
    }
    expect(adoptAlarmDefinitions.input.safeParse(list).error).toBeUndefined()
    for (const site of ['AERO', 'BIO']) {
      const own = qualityAlarmDefinitions
        .filter(({ name }) => name.startsWith(`${site}.`))
        .map(({ condition }) => condition)
      expect(new Set(own.map(({ source }) => source))).toEqual(
        new Set(['deviation', 'failed-inspection', 'gauge-out-of-tolerance']),
      )
      expect(own.flatMap(({ severities }) => severities).toSorted()).toEqual(['critical', 'major', 'minor'])
    }
  })

  test('names no alarm twice, and tells for each the cause, the consequence and what to do', () => {
    expect(new Set(alarmDefinitions.map(({ name }) => name)).size).toBe(alarmDefinitions.length)
    for (const { name, cause, consequence, response } of alarmDefinitions) {
      for (const words of [cause, consequence, response]) expect(words.length, name).toBeGreaterThan(3)
    }
    expect(AlarmDefinition.shape.name.safeParse(alarmDefinitions[0]?.name).success).toBe(true)
  })

  test('has an alarm for each tag in which an event of the story is to be noticed', () => {
    const named = alarmDefinitions.map(({ name }) => name)
    for (const { event } of new Story(Date.parse('2026-03-01T17:20:00Z')).eventsOf(0)) {
      for (const tag of event.tags) {
        const full = tag.includes('.') ? tag : `${event.asset}.${tag}`
        expect(
          named.some((name) => name.startsWith(`${full}.`)),
          `${event.id} ${full}`,
        ).toBe(true)
      }
    }
  })
})
