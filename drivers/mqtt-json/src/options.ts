import type { DocumentFields } from '@throughline/edge'
import { documentFields, JsonPath, TimeReader } from '@throughline/edge'
import { DomainError } from '@throughline/kernel'
import { z } from 'zod'
import { isFilter } from './topic.ts'

const Text = z.string().min(1).max(1000)
const Filters = Text.refine((text) => filtersIn(text).every(isFilter), 'must be topics, parted by commas')

/** Every option of a connection to a broker, as its owner types it. */
const Options = z.strictObject({
  /** Heard beside what the tags ask for: for browsing. */
  topics: Filters.optional(),
  clientId: Text.max(120).optional(),
  /** Whether the broker keeps what comes while the agent is away. */
  persistent: z.boolean().default(true),
  username: Text.optional(),
  /** File whose first line is the password. */
  passwordFile: Text.optional(),
  caFile: Text.optional(),
  certFile: Text.optional(),
  keyFile: Text.optional(),
  timeoutMs: z.int().min(50).max(60_000).default(5000),
  keepaliveS: z.int().min(1).max(3600).default(5),
  maxKb: z.int().min(1).max(8000).default(1000),
  /** Path of a message's time; default: when it arrived. */
  time: Text.optional(),
  timeFormat: Text.optional(),
  zone: z.string().default('UTC'),
  /** Path of a message's own id: one that was heard before is passed over. */
  id: Text.optional(),
  /** Path of the time of each point, for addresses with `[*]`. */
  pointTime: Text.optional(),
  /** What a point's time counts from the message's time; default: it is a time by itself. */
  pointUnit: z.enum(['s', 'ms', 'us']).optional(),
  /** Messages on these topics go to the server whole. */
  documents: Filters.optional(),
  /** In a document: path to the array of results; default: the message is one. */
  records: Text.optional(),
  /** In a document: path to the array of points. */
  curve: Text.optional(),
  ...Object.fromEntries(documentFields.map((field) => [field, Text.optional()])),
})

export interface MqttOptions {
  readonly url: string
  readonly topics: readonly string[]
  readonly clientId: string
  readonly persistent: boolean
  readonly username: string | null
  readonly passwordFile: string | null
  readonly caFile: string | null
  readonly certFile: string | null
  readonly keyFile: string | null
  readonly timeoutMs: number
  readonly keepaliveS: number
  readonly maxBytes: number
  readonly time: JsonPath | null
  readonly times: TimeReader
  readonly id: JsonPath | null
  readonly pointTime: JsonPath | null
  /** Microseconds of one unit of a point's time; null = it is a time by itself. */
  readonly pointUs: number | null
  readonly documents: readonly string[]
  readonly records: JsonPath | null
  readonly curve: JsonPath | null
  readonly fields: DocumentFields
}

/**
 * Checks an endpoint such as `mqtts://broker:8883` and its options.
 * @throws DomainError `invalid` naming the endpoint or the option
 */
export function parseOptions(
  name: string,
  endpoint: string,
  options: Readonly<Record<string, string | number | boolean>>,
): MqttOptions {
  const url = urlOf(endpoint)
  const parsed = Options.safeParse(options)
  if (!parsed.success) {
    throw refusal(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`.trim()).join('; '))
  }
  const given = parsed.data
  if (given.passwordFile !== undefined && given.username === undefined) throw refusal('passwordFile needs username')
  if ((given.certFile === undefined) !== (given.keyFile === undefined))
    throw refusal('certFile and keyFile go together')
  const path = (text: string | undefined): JsonPath | null => (text === undefined ? null : new JsonPath(text))
  const fields = documentFields.flatMap((field) => {
    const text = options[field]
    if (typeof text !== 'string') return []
    path(text)
    return [[field, text]]
  })
  return {
    url,
    topics: filtersIn(given.topics ?? ''),
    clientId: given.clientId ?? `throughline-${name}`,
    persistent: given.persistent,
    ...{ username: given.username ?? null, passwordFile: given.passwordFile ?? null },
    ...{ caFile: given.caFile ?? null, certFile: given.certFile ?? null, keyFile: given.keyFile ?? null },
    ...{ timeoutMs: given.timeoutMs, keepaliveS: given.keepaliveS, maxBytes: given.maxKb * 1000 },
    ...{ time: path(given.time), times: new TimeReader(given.zone, given.timeFormat ?? null), id: path(given.id) },
    pointTime: path(given.pointTime),
    pointUs: given.pointUnit === undefined ? null : { s: 1e6, ms: 1e3, us: 1 }[given.pointUnit],
    documents: filtersIn(given.documents ?? ''),
    ...{ records: path(given.records), curve: path(given.curve), fields: Object.fromEntries(fields) },
  }
}

const filtersIn = (text: string): string[] =>
  text
    .split(',')
    .map((filter) => filter.trim())
    .filter((filter) => filter !== '')

function urlOf(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null
  if (url === null || !/^mqtts?:$/.test(url.protocol) || url.hostname === '') {
    const text = `endpoint "${endpoint}" is not mqtt://<host>:<port> or mqtts://<host>:<port>`
    throw new DomainError('invalid', 'mqtt-json.endpoint-invalid', text)
  }
  if (url.username + url.password !== '') {
    // The endpoint is shown and logged: the refusal must not repeat it.
    const text = 'the endpoint holds a user; use the options username and passwordFile'
    throw new DomainError('invalid', 'mqtt-json.endpoint-invalid', text)
  }
  return `${url.protocol}//${url.host}`
}

const refusal = (wrong: string): DomainError =>
  new DomainError('invalid', 'mqtt-json.option-invalid', `An option of the MQTT connection is wrong: ${wrong}`)
