const longest = 5

/** What stands on the pad after a digit: no zero in front, and no more digits than a count of parts has. */
export function pressed(typed: string, digit: string): string {
  return `${typed}${digit}`.replace(/^0+/, '').slice(0, longest)
}
