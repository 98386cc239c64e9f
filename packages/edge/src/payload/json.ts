/** What JSON says, with whole numbers beyond 2^53 kept whole. */
export type JsonNode =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonNode[]
  | { readonly [key: string]: JsonNode }

/**
 * Reads JSON text; a whole number that a double would round comes as a bigint.
 * @throws SyntaxError when it is none
 */
export function parseJson(text: string): JsonNode {
  return JSON.parse(text, exactly) as JsonNode
}

function exactly(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source
  if (typeof value !== 'number' || Number.isSafeInteger(value) || source === undefined) return value
  return /^-?\d+$/.test(source) ? BigInt(source) : value
}
