/** An instant (whole microseconds since 1970) as ISO 8601 in UTC with its microseconds. */
export function formatInstant(instant: number): string {
  const milliseconds = Math.floor(instant / 1000)
  if (Math.abs(milliseconds) > 8.64e15) return `${instant} µs`
  const micros = String(instant - milliseconds * 1000).padStart(3, '0')
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${micros}Z`
}
