/** A command of the printed sheet, as a scanner reads it. */
export interface Command {
  readonly name: string
  readonly argument: string
}

/** `CMD:KEY=7`, `CMD:DONE`; undefined = it is no command. */
export function commandIn(scan: string): Command | undefined {
  const found = /^CMD:([A-Z]+)(?:=(.*))?$/i.exec(scan.trim())
  return found === null ? undefined : { name: (found[1] ?? '').toUpperCase(), argument: found[2]?.trim() ?? '' }
}

/** What stands in a field of digits after a scanned key. */
export function digitsAfter(typed: string, key: string): string {
  if (key.toUpperCase() === 'C') return ''
  return /^\d$/.test(key) ? `${typed}${key}` : typed
}
