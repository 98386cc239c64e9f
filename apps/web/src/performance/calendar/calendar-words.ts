import type { ShiftPattern, WorkCalendar } from '@throughline/model'

/** ISO weekdays, Monday first. */
export const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const

/** `Mon–Fri`, `Sat, Sun`: runs of three and more days are joined. */
export function daysText(days: readonly number[]): string {
  const sorted = [...new Set(days)].toSorted((a, b) => a - b)
  const runs: number[][] = []
  for (const day of sorted) {
    const run = runs.at(-1)
    if (run !== undefined && run.at(-1) === day - 1) run.push(day)
    else runs.push([day])
  }
  const word = (day: number | undefined): string => weekdays[(day ?? 1) - 1] ?? '?'
  return runs.flatMap((run) => (run.length > 2 ? [`${word(run[0])}–${word(run.at(-1))}`] : run.map(word))).join(', ')
}

/** A shift in a line: `Early Mon–Fri 06:00–14:00, breaks 10:00–10:15 Coffee`. */
export function shiftText(shift: ShiftPattern): string {
  const breaks = shift.breaks.map((one) => `${one.start}–${one.end} ${one.name}`)
  const times = `${shift.name} ${daysText(shift.days)} ${shift.start}–${shift.end}`
  const overnight = shift.end <= shift.start ? ' (into the next day)' : ''
  return `${times}${overnight}${breaks.length === 0 ? '' : `, breaks ${breaks.join(', ')}`}`
}

/** Breaks as people type them, one a line: `10:00-10:15 Coffee`. */
export function linesOfBreaks(breaks: ShiftPattern['breaks']): string {
  return breaks.map((one) => `${one.start}-${one.end} ${one.name}`).join('\n')
}

/** Reads those lines; `problem` names the first that can not be used. */
export function breaksOfLines(lines: string): { breaks: ShiftPattern['breaks']; problem: string | undefined } {
  const breaks: ShiftPattern['breaks'] = []
  for (const line of lines.split('\n')) {
    if (line.trim() === '') continue
    const match = /^\s*((?:[01]\d|2[0-3]):[0-5]\d)\s*[-–]\s*((?:[01]\d|2[0-3]):[0-5]\d)\s+(\S.*)$/.exec(line)
    if (match === null) return { breaks, problem: `"${line.trim()}" is no break, such as "10:00-10:15 Coffee".` }
    breaks.push({ start: match[1] ?? '', end: match[2] ?? '', name: (match[3] ?? '').trim() })
  }
  return { breaks, problem: undefined }
}

/** Holidays and extra days, one a line: `2026-12-25 Christmas`, `2026-12-19 = Mon Extra day`. */
export function linesOfExceptions(exceptions: WorkCalendar['exceptions']): string {
  return exceptions
    .map(({ date, name, asWeekday }) =>
      asWeekday === null ? `${date} ${name}` : `${date} = ${weekdays[asWeekday - 1]} ${name}`,
    )
    .join('\n')
}

/** Reads those lines; `problem` names the first that can not be used. */
export function exceptionsOfLines(lines: string): {
  exceptions: WorkCalendar['exceptions']
  problem: string | undefined
} {
  const exceptions: WorkCalendar['exceptions'] = []
  for (const line of lines.split('\n')) {
    if (line.trim() === '') continue
    const match = /^\s*(\d{4}-\d\d-\d\d)\s+(?:=\s*(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\s+)?(\S.*)$/.exec(line)
    if (match === null) {
      return { exceptions, problem: `"${line.trim()}" is no day, such as "2026-12-25 Christmas".` }
    }
    const weekday = (weekdays as readonly string[]).indexOf(match[2] ?? '')
    exceptions.push({
      date: match[1] ?? '',
      name: (match[3] ?? '').trim(),
      asWeekday: weekday < 0 ? null : weekday + 1,
    })
  }
  return { exceptions, problem: undefined }
}

/** The newest version of each node's calendar, with the older ones behind it. */
export function byNode(calendars: readonly WorkCalendar[]): { newest: WorkCalendar; older: WorkCalendar[] }[] {
  const nodes = new Map<string, WorkCalendar[]>()
  for (const calendar of calendars) {
    const versions = nodes.get(calendar.nodeId) ?? []
    versions.push(calendar)
    nodes.set(calendar.nodeId, versions)
  }
  return [...nodes.values()].flatMap((versions) => {
    const [newest, ...older] = versions.toSorted((a, b) => b.version - a.version)
    return newest === undefined ? [] : [{ newest, older }]
  })
}
