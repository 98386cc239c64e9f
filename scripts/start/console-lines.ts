import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

const levels: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: '',
  40: 'warn',
  50: 'ERROR',
  60: 'FATAL',
}

/** Prints what a process writes, each line with the process's name before it; log lines (JSON) as text. */
export function printLines(name: string, stream: Readable, print: (line: string) => void = console.log): void {
  createInterface({ input: stream }).on('line', (line) => {
    if (line.trim() !== '') print(`${name.padEnd(7)}│ ${readable(line)}`)
  })
}

/** A pino line as `12:47:03 warn message key=value`; any other line as it is. */
export function readable(line: string): string {
  if (!line.startsWith('{')) return line
  let entry: Record<string, unknown>
  try {
    entry = JSON.parse(line) as Record<string, unknown>
  } catch {
    return line
  }
  const { level, time, msg, pid: _pid, hostname: _hostname, ...rest } = entry
  const clock = typeof time === 'number' ? new Date(time).toISOString().slice(11, 19) : ''
  const facts = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return [clock, levels[Number(level)] ?? '', String(msg ?? ''), facts.join(' ')]
    .filter((part) => part !== '')
    .join(' ')
}
