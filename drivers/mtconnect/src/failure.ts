import { DomainError } from '@throughline/kernel'

/** The document makes no sense; what it told is not known. */
export const malformed = (what: string, cause?: unknown): DomainError =>
  new DomainError(
    'invalid',
    'mtconnect.document-malformed',
    `The MTConnect document cannot be trusted: ${what}`,
    {},
    cause,
  )

export const unavailable = (what: string, cause?: unknown): DomainError =>
  new DomainError('unavailable', 'mtconnect.agent-unreachable', `MTConnect: ${what}`, {}, cause)

/** The stream stands and carries nothing, not even heartbeats. */
export const streamSilent = (forMs: number): DomainError =>
  new DomainError('unavailable', 'mtconnect.stream-silent', `MTConnect: no heartbeat on the stream for ${forMs} ms`)

/** The agent has another buffer than before: sequence numbers mean something else now. */
export const instanceChanged = (was: string, is: string): DomainError =>
  new DomainError('unavailable', 'mtconnect.instance-changed', `MTConnect: the agent began anew (${was} → ${is})`)

/** Observations were thrown away before anybody read them. */
export const sequenceGap = (wanted: number, first: number): DomainError =>
  new DomainError(
    'unavailable',
    'mtconnect.sequence-gap',
    `MTConnect: observation ${wanted} was wanted, the agent's buffer begins with ${first}`,
  )

/** What the agent itself says against a request (MTConnectError). */
export function agentRefused(codes: readonly string[], text: string): DomainError {
  const code = codes.includes('OUT_OF_RANGE') ? 'mtconnect.out-of-range' : 'mtconnect.agent-refused'
  const kind = codes.some((each) => each === 'INTERNAL_ERROR' || each === 'TOO_MANY') ? 'unavailable' : 'invalid'
  const found = codes.includes('ASSET_NOT_FOUND') ? 'mtconnect.asset-unknown' : code
  return new DomainError(
    kind,
    found,
    `The MTConnect agent refuses: ${codes.join(', ')}${text === '' ? '' : `: ${text}`}`,
  )
}

/** An answer that is no MTConnect document, by its HTTP status. */
export function httpRefused(url: string, status: number): DomainError {
  const kind = status === 401 || status === 403 ? 'forbidden' : status >= 500 ? 'unavailable' : 'invalid'
  return new DomainError(kind, 'mtconnect.http-status', `${url} answers HTTP ${status}, not MTConnect`, { status })
}

export const notAnAgent = (url: string, seen: string): DomainError =>
  new DomainError(
    'invalid',
    'mtconnect.not-an-agent',
    `${url} answers ${seen}, not MTConnect: is it the address of an agent?`,
  )

export const tooLarge = (limit: number): DomainError =>
  new DomainError(
    'invalid',
    'mtconnect.document-too-large',
    `The MTConnect document is larger than ${limit} bytes: lower the option count, or raise maxBodyBytes`,
  )

export const codeOf = (error: unknown): string => (error instanceof DomainError ? error.code : 'defect')
