import { formatInstant } from '../instant.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** An instant as a record shows it: 18 Nov 2026 11:06:40.000001 UTC. */
export function readInstant(instant: number): string {
  const iso = formatInstant(instant)
  const [, year, month, day, time] = /^(\d{4})-(\d\d)-(\d\d)T(.*)Z$/.exec(iso) ?? []
  if (month === undefined) return iso
  return `${Number(day)} ${months[Number(month) - 1]} ${year} ${time} UTC`
}

/** The last word of an operation as a sentence, and what it acts on: "Record quantity", "execution batch". */
export function readOperation(name: string): { what: string; on: string } {
  const parts = name.split('.')
  const words = (parts.pop() ?? '').replaceAll('-', ' ')
  return { what: words.charAt(0).toUpperCase() + words.slice(1), on: parts.join(' ').replaceAll('-', ' ') }
}

/** A count with its noun. */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`
}
