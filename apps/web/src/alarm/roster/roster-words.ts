import type { AlarmCall, AlarmRoster } from '@throughline/model'
import { weekdays } from '../../performance/calendar/calendar-words.ts'

type Hours = AlarmRoster['hours'][number]
type Step = AlarmRoster['steps'][number]

/** `Mon–Fri 06:00–14:00` as one line; single days with commas between. */
export function hoursText({ days, start, end }: Hours): string {
  const sorted = days.toSorted((a, b) => a - b)
  const words = sorted.map((day) => weekdays[day - 1] ?? '')
  const isRun = sorted.length > 2 && sorted.every((day, index) => index === 0 || day === (sorted[index - 1] ?? 0) + 1)
  const daysText = isRun ? `${words[0]}–${words.at(-1)}` : words.join(', ')
  return `${daysText} ${start}–${end}${end <= start ? ' (of the next day)' : ''}`
}

/** Addresses of a step, one a line, as people type them; a web address is a webhook, anything else a person. */
export const linesOfStep = ({ emails, webhooks }: Pick<Step, 'emails' | 'webhooks'>): string =>
  [...emails, ...webhooks].join('\n')

export function stepOfLines(text: string): {
  readonly emails: string[]
  readonly webhooks: string[]
  readonly wrong: string | undefined
} {
  const lines = text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const webhooks = lines.filter((line) => /^https?:\/\//.test(line))
  const emails = lines.filter((line) => !/^https?:\/\//.test(line))
  return { emails, webhooks, wrong: emails.find((email) => !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) }
}

/** What became of a call. */
export function callText({ sentAt, note, attempts }: Pick<AlarmCall, 'sentAt' | 'note' | 'attempts'>): string {
  if (sentAt !== null) return note === null ? 'Sent' : `Sent: ${note}`
  const tries = attempts === 0 ? '' : `, tried ${attempts} ${attempts === 1 ? 'time' : 'times'}`
  return note === null ? `Not sent yet${tries}` : `Not sent${tries}: ${note}`
}
