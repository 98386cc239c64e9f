import { setCalendar } from '@throughline/model'
import { shiftSites } from '../shifts.ts'
import type { SetupStep } from './step.ts'
import { step } from './step.ts'

const everyDay = [1, 2, 3, 4, 5, 6, 7]
const clockTime = (hour: number): string => `${String(hour).padStart(2, '0')}:00`

/** Round the clock at both sites. */
export const calendars: readonly SetupStep[] = shiftSites.map(({ path, timeZone, shifts }) =>
  step(`calendar/${path.split('/').at(-1)}`, setCalendar, {
    ...{ validFrom: '2020-01-01', exceptions: [], reason: 'Calendar of the site at commissioning' },
    ...{ nodeId: { $node: path }, timeZone },
    shifts: shifts.map(({ name, startHour, endHour }) => ({
      ...{ name, days: everyDay, start: clockTime(startHour), end: clockTime(endHour), breaks: [] },
    })),
  }),
)
