import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { newId, parseInstant } from '@throughline/kernel'
import type { WorkCalendar } from '@throughline/model'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { shiftsBetween } from './rules.ts'

const file = join(import.meta.dirname, '../../../../../shared/data/reference/oee-cases.json')
const Night = z.object({
  case: z.string(),
  shift_start_utc: z.string(),
  shift_end_utc: z.string(),
  shift_h: z.number(),
})
const Cases = z.object({ cases: z.array(z.object({ id: z.string(), expected: z.unknown() })) })
const { cases } = Cases.parse(JSON.parse(readFileSync(file, 'utf8')))
const nights = z.array(Night).parse(cases.find(({ id }) => id === 'dst-night-shift')?.expected)

const nodeId = newId<'EquipmentNode'>()
const calendar: WorkCalendar = {
  ...{ id: newId<'WorkCalendar'>(), nodeId, version: 1, validFrom: '2020-01-01', timeZone: 'Europe/Zurich' },
  shifts: [{ name: 'night', days: [1, 2, 3, 4, 5, 6, 7], start: '22:00', end: '06:00', breaks: [] }],
  ...{ exceptions: [], reason: 'case dst-night-shift', recordedBy: 'test' },
}

test.each(nights)('[KPI-1] night shift, $case: begins and ends when the reference says', (night) => {
  const [from, to] = [parseInstant(night.shift_start_utc), parseInstant(night.shift_end_utc)]
  if (from === undefined || to === undefined) throw new Error('the reference has no times')
  const [shift] = shiftsBetween([calendar], [nodeId], from, to)
  expect(shift).toMatchObject({ from, to })
  expect(((shift?.to ?? 0) - (shift?.from ?? 0)) / 3_600e6).toBe(night.shift_h)
})
