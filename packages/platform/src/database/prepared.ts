import type { ClientBase } from 'pg'

/** A statement that came this often will come again. */
const often = 5
const keptAtMost = 300
/** A statement with a list in it is another one for each length: those are long, and rarely come again. */
const longest = 4_000

/**
 * Lets the server keep the plan of each statement that a connection sends again and again: planning costs more than
 * running for the small statements of an operation.
 */
export function prepareRepeated(client: ClientBase): void {
  const seen = new Map<string, number>()
  const names = new Map<string, string>()
  const send = client.query.bind(client) as (...asked: unknown[]) => unknown
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text)
    if (known !== undefined || names.size >= keptAtMost || text.length > longest) return known
    const count = (seen.get(text) ?? 0) + 1
    if (seen.size > 10 * keptAtMost) seen.clear()
    seen.set(text, count)
    if (count < often) return undefined
    seen.delete(text)
    const name = `kept_${names.size}`
    names.set(text, name)
    return name
  }
  const query = (text: unknown, values: unknown, ...rest: unknown[]): unknown => {
    if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0) return send(text, values, ...rest)
    const name = nameOf(text)
    return name === undefined ? send(text, values, ...rest) : send({ name, text, values }, ...rest)
  }
  client.query = query as ClientBase['query']
}
