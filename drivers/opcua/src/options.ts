import { DomainError } from '@throughline/kernel'

const securityModes = ['None', 'Sign', 'SignAndEncrypt'] as const
// Basic128Rsa15 and Basic256 rest on SHA-1 and were withdrawn by the OPC Foundation.
const securityPolicies = ['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'] as const

export interface OpcUaOptions {
  /** `opc.tcp://host:port/path`. */
  readonly endpointUrl: string
  readonly securityMode: (typeof securityModes)[number]
  readonly securityPolicy: (typeof securityPolicies)[number]
  readonly user: { readonly name: string; readonly passwordFile: string } | null
  /** How long one request, or the whole dial, may take. */
  readonly timeoutMs: number
  /** How often the server sends what changed. */
  readonly publishingMs: number
  /** How many changes of one tag the server keeps between two publishes. */
  readonly queueSize: number
  /** An unchanged value is told again after this, so that silence means something. */
  readonly retellMs: number
  /** Whether the alarms and conditions of the server are followed too. */
  readonly alarms: boolean
}

type Given = Readonly<Record<string, string | number | boolean>>

const known = new Set([
  'securityMode',
  'securityPolicy',
  'username',
  'passwordFile',
  'timeoutMs',
  'publishingMs',
  'queueSize',
  'retellMs',
  'alarms',
])

/** @throws DomainError `invalid` naming the endpoint or the option that is wrong */
export function parseOptions(endpoint: string, given: Given): OpcUaOptions {
  for (const name of Object.keys(given)) {
    if (!known.has(name)) throw refusal(name, `is not an option of OPC UA; there are ${[...known].join(', ')}`)
  }
  const securityMode = choiceOf(given, 'securityMode', securityModes, 'None')
  if (securityMode === 'None' && given['securityPolicy'] !== undefined) {
    throw refusal('securityPolicy', 'has no effect with securityMode None; set securityMode to Sign or SignAndEncrypt')
  }
  return {
    endpointUrl: endpointOf(endpoint),
    securityMode,
    securityPolicy: choiceOf(given, 'securityPolicy', securityPolicies, 'Basic256Sha256'),
    user: userOf(given, securityMode),
    timeoutMs: numberOf(given, 'timeoutMs', 200, 60_000, 5000),
    publishingMs: numberOf(given, 'publishingMs', 20, 250, 50),
    queueSize: numberOf(given, 'queueSize', 1, 10_000, 100),
    retellMs: numberOf(given, 'retellMs', 500, 600_000, 2000),
    alarms: switchOf(given, 'alarms'),
  }
}

function endpointOf(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null
  if (url?.protocol !== 'opc.tcp:' || url.hostname === '') {
    throw invalid('opcua.endpoint-invalid', `endpoint "${endpoint}" is not opc.tcp://<host>:<port>[/<path>]`, {
      endpoint,
    })
  }
  if (url.username !== '' || url.password !== '') {
    // The endpoint is shown and logged: the refusal must not repeat it.
    throw invalid('opcua.endpoint-invalid', 'the endpoint holds a user; use the options username and passwordFile', {})
  }
  const port = url.port === '' ? '4840' : url.port
  return `opc.tcp://${url.hostname}:${port}${url.pathname}`
}

function userOf(given: Given, securityMode: OpcUaOptions['securityMode']): OpcUaOptions['user'] {
  const name = textOf(given, 'username')
  const passwordFile = textOf(given, 'passwordFile')
  if (name === null && passwordFile === null) return null
  if (name === null) throw refusal('passwordFile', 'needs the option username')
  if (passwordFile === null)
    throw refusal('username', 'needs the option passwordFile: the path of a file with the password')
  if (securityMode === 'None') {
    throw refusal('username', 'needs securityMode Sign or SignAndEncrypt: without it anybody could play the server')
  }
  return { name, passwordFile }
}

function textOf(given: Given, name: string): string | null {
  const value = given[name]
  if (value === undefined) return null
  if (typeof value !== 'string' || value === '') throw refusal(name, 'must be a text')
  return value
}

function choiceOf<Choice extends string>(
  given: Given,
  name: string,
  choices: readonly Choice[],
  otherwise: Choice,
): Choice {
  const value = given[name]
  if (value === undefined) return otherwise
  const found = choices.find((choice) => choice === value)
  if (found === undefined) throw refusal(name, `is "${value}" and must be one of ${choices.join(', ')}`)
  return found
}

function numberOf(given: Given, name: string, low: number, high: number, otherwise: number): number {
  const value = given[name] ?? otherwise
  if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high) {
    throw refusal(name, `is "${value}" and must be a whole number from ${low} to ${high}`)
  }
  return value
}

function switchOf(given: Given, name: string): boolean {
  const value = given[name] ?? false
  if (typeof value !== 'boolean') throw refusal(name, `is "${value}" and must be true or false`)
  return value
}

function refusal(option: string, reason: string): DomainError {
  return invalid('opcua.option-invalid', `option ${option} ${reason}`, { option })
}

function invalid(code: string, message: string, details: Record<string, unknown>): DomainError {
  return new DomainError('invalid', code, message, details)
}
