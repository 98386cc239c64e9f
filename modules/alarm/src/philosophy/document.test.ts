import { parseInstant } from '@throughline/kernel'
import type { AlarmDefinition } from '@throughline/model'
import { timeTextIn } from '@throughline/platform'
import { readPdf } from '@throughline/testkit'
import { expect, test } from 'vitest'
import type { PhilosophyContents } from './document.ts'
import { philosophyDocument } from './document.ts'
import { deliveredPhilosophy } from './rules.ts'

const at = parseInstant('2026-11-22T08:00:00Z') ?? (0 as never)

function alarm(n: number, changes: Partial<AlarmDefinition> = {}): AlarmDefinition {
  return {
    id: `id ${n}` as never,
    name: `WFI-0${n}.Conductivity.high`,
    nodeId: 'node' as never,
    tagId: 'tag' as never,
    message: `Conductivity of loop ${n} is high`,
    condition: { kind: 'limit', side: 'high', limit: 1.3, deadband: 0.05 },
    onDelaySeconds: 10,
    offDelaySeconds: 0,
    latched: true,
    cause: `the still of loop ${n} is scaled`,
    consequence: `batch ${n} is lost`,
    response: `divert loop ${n} to drain`,
    severity: 'major',
    timeToRespond: '3-to-10-min',
    qualityCritical: true,
    suppressWhile: null,
    version: 2,
    state: 'released',
    priority: 2,
    changeReason: 'limit tightened',
    draftedBy: 'ada',
    draftedAt: at,
    releasedAt: at,
    ...changes,
  }
}

const contents: PhilosophyContents = {
  plant: 'Pilot plant',
  philosophy: { ...deliveredPhilosophy, version: 3, reason: 'yearly review', recordedBy: 'quinn', recordedAt: at },
  definitions: [alarm(2), alarm(1)],
  isWholePlant: true,
  pathOf: () => 'Bio/Utilities/WFI-01',
  unitOf: () => 'uS/cm',
  printedAt: at,
  timeText: timeTextIn('Europe/Berlin'),
}

const textOf = async (changes: Partial<PhilosophyContents> = {}): Promise<string> =>
  readPdf(await philosophyDocument({ ...contents, ...changes })).pages.join(' ')

test('the philosophy is a document with version, date, purpose, matrix, longest shelving, rules and targets', async () => {
  const text = await textOf()
  expect(text).toContain('Alarm philosophy of Pilot plant')
  expect(text).toMatch(/Version 3 In force since 22 Nov 2026 09:00:00 UTC\+01:00, by quinn Reason yearly review/)
  expect(text).toContain('An alarm tells an operator of something abnormal')
  expect(text).toMatch(/major 1 critical 2 high 2 high 3 medium/)
  expect(text).toMatch(/1 critical 8 h 2 high 8 h 3 medium 24 h/)
  expect(text).toMatch(/signed as reviewed and released, not by its author/)
  expect(text).toMatch(/1 critical: 5 %, 2 high: 15 %, 3 medium: 80 %, 4 low or diagnostic: counted apart/)
})

test('[ALM-5] the master alarm database stands in it, each alarm with its limit, deadband, delays and what to do', async () => {
  const text = await textOf()
  expect(text).toMatch(/2 released alarms, by name/)
  expect(text.indexOf('WFI-01.Conductivity')).toBeLessThan(text.indexOf('WFI-02.Conductivity'))
  for (const n of [1, 2]) {
    for (const words of [`the still of loop ${n}`, `batch ${n} is lost`, `divert loop ${n} to`])
      expect(text).toContain(words)
  }
  expect(text).toMatch(/above 1\.3 uS\/cm, deadband 0\.05 uS\/cm/)
  expect(text).toMatch(/on-delay 10 s, latched, quality- ?critical/)
  expect(text.match(/3 to 10 min/g)?.length).toBe(3)
})

test('who may not see the whole plant is told that the list is a part', async () => {
  expect(await textOf({ isWholePlant: false })).toContain('not those of the whole plant')
  expect(await textOf()).not.toContain('not those of the whole plant')
})

test('without a released alarm it says so', async () => {
  expect(await textOf({ definitions: [] })).toContain('No alarm is released.')
})

test('the same is attached as data', async () => {
  const [attached] = readPdf(await philosophyDocument(contents)).attachments
  expect(JSON.parse(attached?.content ?? '')).toEqual(
    JSON.parse(JSON.stringify({ plant: 'Pilot plant', printedAt: at, ...pick(contents) })),
  )
})

const pick = ({ philosophy, definitions }: PhilosophyContents) => ({ philosophy, definitions })
