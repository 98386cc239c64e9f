import { DomainError } from '@throughline/kernel'

/** How to talk to one MTConnect agent. */
export interface MtConnectOptions {
  /** Without a slash at its end; its path, when it has one, is the device. */
  readonly baseUrl: string
  readonly timeoutMs: number
  /** How often an agent with nothing to tell says so on its stream. */
  readonly heartbeatMs: number
  /** Observations in one document. */
  readonly count: number
  /** No larger document is read. */
  readonly maxBodyBytes: number
  /** False = ask again and again, for a way to the agent that carries no streams. */
  readonly stream: boolean
  /** A steady value is told again after so long, as long as the agent gives signs of life. */
  readonly retellMs: number
  /** PEM file of who signed the agent's certificate, for https. */
  readonly caFile: string | null
  /** Whether its conditions are told as alarms too. */
  readonly alarms: boolean
}

type OptionValue = string | number | boolean

const known = ['timeoutMs', 'heartbeatMs', 'count', 'maxBodyBytes', 'stream', 'retellMs', 'caFile', 'alarms']

/**
 * Checks an endpoint such as `http://10.0.0.7:5000` or `http://10.0.0.7:5000/CNC-01`, and its options.
 * @throws DomainError `invalid` naming the endpoint or the option
 */
export function parseOptions(endpoint: string, options: Readonly<Record<string, OptionValue>>): MtConnectOptions {
  const unknown = Object.keys(options).find((key) => !known.includes(key))
  if (unknown !== undefined) {
    throw new DomainError(
      'invalid',
      'mtconnect.option-unknown',
      `MTConnect has no option "${unknown}": there are ${known.join(', ')}`,
    )
  }
  const stream = options['stream'] ?? true
  if (typeof stream !== 'boolean') throw wrong('stream', stream, 'true or false')
  const alarms = options['alarms'] ?? false
  if (typeof alarms !== 'boolean') throw wrong('alarms', alarms, 'true or false')
  const caFile = options['caFile'] ?? null
  if (caFile !== null && typeof caFile !== 'string') throw wrong('caFile', caFile, 'the path of a file')
  return {
    baseUrl: baseUrlOf(endpoint),
    timeoutMs: whole('timeoutMs', options['timeoutMs'] ?? 5000, 50, 60_000),
    heartbeatMs: whole('heartbeatMs', options['heartbeatMs'] ?? 1000, 100, 60_000),
    count: whole('count', options['count'] ?? 1000, 1, 100_000),
    maxBodyBytes: whole('maxBodyBytes', options['maxBodyBytes'] ?? 20_000_000, 1000, 500_000_000),
    retellMs: whole('retellMs', options['retellMs'] ?? 2000, 100, 600_000),
    stream,
    caFile,
    alarms,
  }
}

function baseUrlOf(endpoint: string): string {
  const url = URL.parse(endpoint)
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:'
  const isPlain = url?.search === '' && url.hash === '' && url.username === '' && url.pathname.split('/').length <= 2
  if (url === null || !isHttp || !isPlain) {
    throw new DomainError(
      'invalid',
      'mtconnect.endpoint-invalid',
      `"${endpoint}" is not an MTConnect endpoint: write http://host:5000, or http://host:5000/<device> for one device`,
    )
  }
  return url.href.replace(/\/$/, '')
}

function whole(name: string, value: OptionValue, low: number, high: number): number {
  const inside = typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high
  if (!inside) throw wrong(name, value, `a whole number from ${low} to ${high}`)
  return value
}

const wrong = (name: string, value: OptionValue, allowed: string): DomainError =>
  new DomainError(
    'invalid',
    'mtconnect.option-invalid',
    `The MTConnect option ${name} is ${JSON.stringify(value)}, not ${allowed}`,
  )
