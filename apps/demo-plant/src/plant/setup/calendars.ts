import { setCalendar } from '@throughline/model'
import type { SetupStep } from './step.ts'
import { step } from './step.ts'

const everyDay = [1, 2, 3, 4, 5, 6, 7]
const shift = (name: string, start: string, end: string) => ({ name, days: everyDay, start, end, breaks: [] })
const asDelivered = { validFrom: '2020-01-01', exceptions: [], reason: 'Calendar of the site at commissioning' }

/** Round the clock at both sites: three shifts where parts are made, two where batches are. */
export const calendars: readonly SetupStep[] = [
  step('calendar/aero', setCalendar, {
    ...asDelivered,
    nodeId: { $node: 'aurora/aero' },
    timeZone: 'Europe/Berlin',
    shifts: [shift('Early', '06:00', '14:00'), shift('Late', '14:00', '22:00'), shift('Night', '22:00', '06:00')],
  }),
  step('calendar/bio', setCalendar, {
    ...asDelivered,
    nodeId: { $node: 'aurora/bio' },
    timeZone: 'Europe/Dublin',
    shifts: [shift('Day', '06:00', '18:00'), shift('Night', '18:00', '06:00')],
  }),
]
