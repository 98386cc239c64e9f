import { DomainError } from '@throughline/kernel'
import { assertId } from '../topic.ts'

export interface HostOptions {
  /** `mqtt://host:port` or `mqtts://host:port`. */
  readonly url: string
  /** Names this host application on `spBv1.0/STATE/<hostId>`; unique among all hosts of a broker. */
  readonly hostId: string
  /** Only this group is listened to; null for all. */
  readonly group: string | null
  readonly username: string | null
  readonly password: string | null
  /** Path of a file whose first line is the password. */
  readonly passwordFile: string | null
  /** Path of a PEM file with the authorities that may have signed an `mqtts` broker's certificate. */
  readonly caFile: string | null
  /** Metrics that no tag asks for are reported too, under their address. */
  readonly discover: boolean
  /** How long a dial or a write may take. */
  readonly timeoutMs: number
  /** How long a missing message is waited for before the edge node is asked for a rebirth. */
  readonly reorderTimeoutMs: number
  /** Shortest time between two rebirth requests to one edge node. */
  readonly rebirthIntervalMs: number
}

type Given = Readonly<Record<string, string | number | boolean>>

const known = [
  'hostId',
  'group',
  'username',
  'password',
  'passwordFile',
  'caFile',
  'discover',
  'timeoutMs',
  'reorderTimeoutMs',
  'rebirthIntervalMs',
]

/** @throws DomainError `invalid` naming the endpoint or the option that is wrong */
export function parseOptions(name: string, endpoint: string, given: Given): HostOptions {
  for (const option of Object.keys(given)) {
    if (!known.includes(option)) throw refusal(option, `is not an option of Sparkplug; there are ${known.join(', ')}`)
  }
  const hostId = textOf(given, 'hostId') ?? name
  assertId('option hostId', hostId)
  const group = textOf(given, 'group')
  if (group !== null) assertId('option group', group)
  const options = {
    url: urlOf(endpoint),
    hostId,
    group,
    username: textOf(given, 'username'),
    password: textOf(given, 'password'),
    passwordFile: textOf(given, 'passwordFile'),
    caFile: textOf(given, 'caFile'),
    discover: given['discover'] ?? true,
    timeoutMs: numberOf(given, 'timeoutMs', 5_000),
    reorderTimeoutMs: numberOf(given, 'reorderTimeoutMs', 5_000),
    rebirthIntervalMs: numberOf(given, 'rebirthIntervalMs', 10_000),
  }
  const { discover } = options
  if (typeof discover !== 'boolean') throw refusal('discover', 'must be true or false')
  if (options.password !== null && options.passwordFile !== null) {
    throw refusal('passwordFile', 'and option password are both given; leave one out')
  }
  if (options.username === null && (options.password !== null || options.passwordFile !== null)) {
    throw refusal('username', 'is missing; a password needs it')
  }
  return { ...options, discover }
}

function urlOf(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null
  const isMqtt = url?.protocol === 'mqtt:' || url?.protocol === 'mqtts:'
  if (!url || !isMqtt || url.hostname === '') {
    const text = `endpoint "${endpoint}" is not mqtt://<host>:<port> or mqtts://<host>:<port>`
    throw new DomainError('invalid', 'sparkplug.endpoint-invalid', text, { endpoint })
  }
  if (url.username !== '' || url.password !== '') {
    // The endpoint is shown and logged: the refusal must not repeat it.
    const text = 'the endpoint holds a user; use the options username and passwordFile'
    throw new DomainError('invalid', 'sparkplug.endpoint-invalid', text)
  }
  return `${url.protocol}//${url.host}`
}

function textOf(given: Given, option: string): string | null {
  const value = given[option]
  if (value === undefined) return null
  if (typeof value !== 'string' || value === '') throw refusal(option, 'must be a text')
  return value
}

function numberOf(given: Given, option: string, otherwise: number): number {
  const value = given[option] ?? otherwise
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 10 || value > 600_000) {
    throw refusal(option, `is "${value}" and must be a whole number of milliseconds from 10 to 600000`)
  }
  return value
}

function refusal(option: string, reason: string): DomainError {
  return new DomainError('invalid', 'sparkplug.option-invalid', `option ${option} ${reason}`, { option })
}
